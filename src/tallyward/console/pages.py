"""The built pages: files of `console/static`, and index.html for every address that the pages route themselves."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse

from tallyward.kernel.errors import NotFoundError, UnavailableError

BUILT: Final = Path(str(files("tallyward.console").joinpath("static")))
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NOT_PAGES: Final = ("api/", "metrics")


def serve_pages(app: FastAPI, folder: Path = BUILT) -> None:
    """Serve the pages of `folder`; looked for at each request, so building them needs no restart."""

    def page(request: Request) -> FileResponse:
        return _page(folder, request.path_params["path"])

    app.add_api_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False, response_model=None)


def _page(folder: Path, path: str) -> FileResponse:
    """A file of the folder, or index.html for what has no ending; nothing outside the folder is ever opened."""
    if path.startswith(_NOT_PAGES):
        raise NotFoundError("console.no_path", path=f"/{path[:200]}")
    index = folder / "index.html"
    if not index.is_file():
        raise UnavailableError("console.no_pages")
    wanted = (folder / path).resolve()
    if path and wanted.is_relative_to(folder.resolve()) and wanted.is_file():
        hashed = wanted.parent.name == "assets"
        return FileResponse(wanted, headers={"Cache-Control": _FOREVER if hashed else _ASK_AGAIN})
    if "." in path.rpartition("/")[2]:
        raise NotFoundError("console.no_path", path=f"/{path[:200]}")
    return FileResponse(index, headers={"Cache-Control": _ASK_AGAIN})
