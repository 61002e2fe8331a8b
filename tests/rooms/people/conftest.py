from tests.office import data_folder, lasting_office, office, transactional_db

__all__ = ["data_folder", "lasting_office", "office", "transactional_db"]
