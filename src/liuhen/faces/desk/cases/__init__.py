"""The pages of the room cases (案件): workbench, lists, the case, its records and the forms they are entered with."""
