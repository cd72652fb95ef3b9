"""The migrations, and the tables that the code believes in."""

from conftest import MIGRATIONS, run_migrations
from sqlalchemy import inspect

from orders.database import metadata


def test_the_code_and_the_migrations_agree_on_the_columns(engine):
    run_migrations(engine, "up")
    inspector = inspect(engine)
    assert set(inspector.get_table_names()) == set(metadata.tables)
    for name, table in metadata.tables.items():
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        # SQLite says of a text key that it may be null; PostgreSQL does not.
        keys = {column.name for column in table.primary_key}
        expected = {column.name: column.nullable for column in table.columns}
        assert found.keys() == expected.keys()
        assert {n: found[n] for n in found.keys() - keys} == {
            n: expected[n] for n in expected.keys() - keys
        }


def test_each_step_can_be_taken_back(engine):
    steps = {path.name.removesuffix(".up.sql") for path in MIGRATIONS.glob("*.up.sql")}
    assert steps == {path.name.removesuffix(".down.sql") for path in MIGRATIONS.glob("*.down.sql")}
    run_migrations(engine, "up")
    run_migrations(engine, "down")
    assert inspect(engine).get_table_names() == []
