"""What makes a row of each kind whole: references, scope, and what its cells must agree on. Pure."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Address
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallyward.kernel.actor import Scope
from tallyward.registry.block import Block, BlockReader, References, Rows
from tallyward.registry.checks import Mask, as_mask
from tallyward.registry.columns import KEYS, Kind
from tallyward.registry.model import EnterpriseKind, FunctionMode, PeerKind, RealName
from tallyward.registry.report import Problems

_SERVICES: Final = ("voice", "sms", "data")
_NUMBER: Final = re.compile(r"[0-9]{3,15}")
_APN: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?")


def read_block(kind: Kind, block: Block, references: References, scope: Scope, problems: Problems) -> Rows:
    """The good rows of a block as the database wants them; bad ones go to `problems`."""
    reader = BlockReader(kind, block, references, scope)
    return reader.good(_FINISH[kind](reader), problems)


def key_texts(kind: Kind, rows: Rows) -> pa.Array:
    """One text a row that no other row of the kind may have."""
    names = {"enterprise": "enterprise_id"} if kind is Kind.GROUP_LISTS else {"iccid": "card_id"}
    columns = [rows.columns[names.get(name, name) if kind is not Kind.CARDS else name] for name in KEYS[kind]]
    if len(columns) == 1:
        return columns[0]
    return pc.binary_join_element_wise(*(pc.cast(column, pa.string()) for column in columns), "\x1f")


def repeats(values: pa.Array) -> Mask:
    """Cells whose value stood before in the same column; null repeats nothing."""
    codes = pc.fill_null(pc.dictionary_encode(values).indices, -1).to_numpy(zero_copy_only=False)
    _, first = np.unique(codes, return_index=True)
    again = np.ones(len(codes), np.bool_)
    again[first] = False
    again[codes < 0] = False
    return again


def _plain(reader: BlockReader) -> dict[str, pa.Array]:
    return dict(reader.values)


def _enterprises(reader: BlockReader) -> dict[str, pa.Array]:
    values = dict(reader.values)
    del values["area"]
    values["area_id"] = reader.refer("area", reader.references.areas)
    return values


def _areas(reader: BlockReader) -> dict[str, pa.Array]:
    values = dict(reader.values)
    values["fraud_prone"] = pc.fill_null(values["fraud_prone"], False)
    values["plmns"] = pa.array([" ".join((text or "").split()) for text in values["plmns"].to_pylist()], pa.string())
    return values


def _cells(reader: BlockReader) -> dict[str, pa.Array]:
    values = dict(reader.values)
    del values["area"]
    values["area_id"] = reader.refer("area", reader.references.areas)
    return values


def _group_lists(reader: BlockReader) -> dict[str, pa.Array]:
    values = dict(reader.values)
    del values["enterprise"]
    values["enterprise_id"] = reader.refer("enterprise", reader.references.enterprises)
    reader.own("enterprise", values["enterprise_id"])
    pairs = zip(values["kind"].to_pylist(), values["entry"].to_pylist(), strict=True)
    entries = [peer_text(PeerKind(kind), entry) if kind and entry else None for kind, entry in pairs]
    written = pa.array(entries, pa.string())
    told = pc.and_(values["kind"].is_valid(), values["entry"].is_valid())
    reader.refuse("entry", "registry.peer_form", as_mask(pc.and_(told, written.is_null())))
    values["entry"] = written
    return values


def peer_text(kind: PeerKind, text: str) -> str | None:
    """An entry in the one way it is written, so that it is stored once; None where it is none of its kind."""
    try:
        if kind is PeerKind.IPV4:
            return str(IPv4Network(text)).removesuffix("/32")
        if kind is PeerKind.IPV6:
            return str(IPv6Address(text))
    except ValueError:
        return None
    bare = text.removeprefix("+") if kind is PeerKind.NUMBER else text.lower()
    return bare if (_NUMBER if kind is PeerKind.NUMBER else _APN).fullmatch(bare) else None


def _terminals(reader: BlockReader) -> dict[str, pa.Array]:
    values = dict(reader.values)
    del values["enterprise"]
    values["enterprise_id"] = reader.refer("enterprise", reader.references.enterprises)
    reader.own("enterprise", values["enterprise_id"])
    half = as_mask(values["latitude"].is_null()) != as_mask(values["longitude"].is_null())
    reader.refuse("longitude", "registry.half_a_place", half)
    values["fixed"] = pc.fill_null(values["fixed"], False)
    for name in ("vendor", "model", "firmware"):
        values[name] = pc.fill_null(values[name], "")
    return values


def _cards(reader: BlockReader) -> dict[str, pa.Array]:
    values, references = dict(reader.values), reader.references
    operator = reader.refer("operator", references.enterprises)
    holder = reader.refer("enterprise", references.enterprises)
    operators = [number for number, kind in references.kinds.items() if kind is EnterpriseKind.OPERATOR]
    issues = as_mask(pc.is_in(operator, value_set=pa.array(operators, pa.int64())))
    reader.refuse("operator", "registry.not_an_operator", as_mask(operator.is_valid()) & ~issues)
    operator = pc.if_else(pa.array(issues), operator, pa.scalar(None, pa.int64()))
    reader.own("enterprise", holder, operator)
    for name in ("operator", "enterprise", "card_class", *_SERVICES, *(f"{name}_list" for name in _SERVICES)):
        del values[name]
    values |= {"operator_id": operator, "enterprise_id": holder}
    values["class_id"] = reader.refer("card_class", references.classes)
    values["home_area"] = reader.refer("home_area", references.areas)
    values["home_cell"] = reader.refer("home_cell", references.cells)
    values["joined_at"] = values.pop("joined")
    values["joined_told"] = pc.if_else(values["joined_at"].is_valid(), True, pa.scalar(None, pa.bool_()))
    values["real_name"] = pc.fill_null(values["real_name"], RealName.NONE.value)
    values["roaming"] = pc.fill_null(values["roaming"], False)
    values["fixed"] = pc.fill_null(values["fixed"], False)
    for service in _SERVICES:
        values[f"{service}_mode"], values[f"{service}_list"] = _function(reader, service, holder, operator)
    return values


def _function(reader: BlockReader, service: str, holder: pa.Array, operator: pa.Array) -> tuple[pa.Array, pa.Array]:
    column = f"{service}_list"
    mode = pc.index_in(reader.values[service], value_set=pa.array([m.name.lower() for m in FunctionMode]))
    named = reader.values[column].is_valid()
    directed = as_mask(pc.equal(mode, int(FunctionMode.DIRECTED)))
    reader.refuse(column, "registry.list_needed", directed & ~as_mask(named))
    reader.refuse(column, "registry.list_not_wanted", ~directed & as_mask(named) & as_mask(mode.is_valid()))
    if not as_mask(named).any():
        return mode, pa.nulls(len(mode), pa.int64())
    ids, unknown = _lists(reader.values[column], holder, operator, reader.references.lists)
    whose_known = as_mask(pc.and_(holder.is_valid(), operator.is_valid()))
    reader.refuse(column, "registry.unknown_reference", directed & unknown & whose_known)
    return mode, ids


def _lists(
    codes: pa.Array, holder: pa.Array, operator: pa.Array, known: Mapping[tuple[int, str], int]
) -> tuple[pa.Array, Mask]:
    """A list of the holder, else of the operator. There are few different (holder, operator, code): one look each."""
    encoded = pc.dictionary_encode(codes)
    texts = encoded.dictionary.to_pylist()
    code = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    parts = [pc.fill_null(part, 0).to_numpy(zero_copy_only=False) for part in (holder, operator)]
    different, back = np.unique(np.stack([*parts, code]), axis=1, return_inverse=True)
    found = np.array(
        [
            0 if at < 0 else known.get((whose, texts[at])) or known.get((issuer, texts[at])) or 0
            for whose, issuer, at in different.T.tolist()
        ],
        dtype=np.int64,
    )[back.reshape(-1)]
    return pa.array(found, mask=found == 0), (found == 0) & (code >= 0)


def _bindings(reader: BlockReader) -> dict[str, pa.Array]:
    values, references = dict(reader.values), reader.references
    place = pc.index_in(values.pop("iccid"), value_set=references.cards.codes, skip_nulls=True)
    columns = {
        "card_id": reader.refer("iccid", references.cards),
        "enterprise_id": pa.array(references.cards.holder, pa.int64()).take(place),
        "operator_id": pa.array(references.cards.operator, pa.int64()).take(place),
        "terminal_id": reader.refer("serial", references.terminals),
        "since": values["since"],
        "until": values["until"],
        "reason": pc.fill_null(values["reason"], ""),
        "open_ended": pc.cast(values["until"].is_null(), pa.int64()),
    }
    reader.own("iccid", columns["enterprise_id"], columns["operator_id"])
    reader.refuse("until", "registry.until_before_since", as_mask(pc.less(values["until"], values["since"])))
    columns["until"] = _until_the_next(columns)
    return columns


def _until_the_next(columns: Mapping[str, pa.Array]) -> pa.Array:
    """An open-ended binding lasts until the card's next one in the block."""
    card = pc.fill_null(columns["card_id"], 0).to_numpy(zero_copy_only=False)
    since = pc.fill_null(columns["since"], 0).to_numpy(zero_copy_only=False)
    order = np.lexsort((since, card))
    following = np.zeros(len(card), np.int64)
    same = (card[order][1:] == card[order][:-1]) & (since[order][1:] > since[order][:-1]) & (card[order][1:] > 0)
    following[order[:-1][same]] = since[order[1:][same]]
    return pc.coalesce(columns["until"], pa.array(following, mask=following == 0))


_FINISH: Final = {
    Kind.ENTERPRISES: _enterprises,
    Kind.CLASSES: _plain,
    Kind.AREAS: _areas,
    Kind.CELLS: _cells,
    Kind.GROUP_LISTS: _group_lists,
    Kind.TERMINALS: _terminals,
    Kind.CARDS: _cards,
    Kind.BINDINGS: _bindings,
}
