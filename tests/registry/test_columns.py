from tallyward.registry.columns import COLUMNS, IMPORT_ORDER, KEYS, Form, Kind


def test_every_column_can_be_understood_from_the_table() -> None:
    for kind in Kind:
        for column in COLUMNS[kind]:
            assert column.meaning, (kind, column.name)
            assert column.required != bool(column.empty), f"{kind}.{column.name}: say what an empty cell means"
            assert (column.form is Form.CHOICE) == bool(column.choices)


def test_keys_are_required_columns() -> None:
    for kind in Kind:
        required = {column.name for column in COLUMNS[kind] if column.required}
        assert set(KEYS[kind]) <= required


def test_references_point_backwards() -> None:
    order = [kind.value for kind in IMPORT_ORDER]
    assert order.index("enterprises") < order.index("group_lists") < order.index("cards") < order.index("bindings")
    assert order.index("areas") < order.index("cells") < order.index("cards")
    assert order.index("terminals") < order.index("bindings")
