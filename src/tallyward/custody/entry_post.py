"""What is sent beside an entry, as a file: a header line, then CBOR [body of the entry, what goes with it]. Pure."""

from tallyward.custody.codec import Item, MalformedError, decode, encode
from tallyward.custody.entry import Entry, entry_of, parse_entry
from tallyward.custody.fields import data, row_of
from tallyward.kernel.errors import InvalidError, TooLargeError


def packed(header: bytes, entry: Entry, beside: Item, most: int) -> bytes:
    """The file's bytes; refuses more than `most` with `custody.envelope_too_large`."""
    found = header + encode([entry.body, beside])
    if len(found) > most:
        raise TooLargeError("custody.envelope_too_large", size=len(found), most=most)
    return found


def unpacked(header: bytes, file: bytes, most: int, written_by: str) -> tuple[Entry, Item]:
    """(entry, its signatures unknown; what goes with it); refuses with `custody.envelope_malformed`.

    `written_by`: the command that writes such files, for whoever gives another one.
    """
    if not file.startswith(header):
        raise InvalidError("custody.envelope_malformed", problem=f"it is not what `{written_by}` writes")
    try:
        row = row_of(decode(file[len(header) :], most), 2)
        return parse_entry(entry_of(data(row[0]), ())), row[1]
    except MalformedError as error:
        raise InvalidError("custody.envelope_malformed", problem=str(error)) from error
