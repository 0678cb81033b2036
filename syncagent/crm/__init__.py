"""The CRM database: tables, migrations and one module for each subject; the only place that imports SQLAlchemy."""
