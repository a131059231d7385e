"""What is done to articles. `save_edit` is the one door through which a text is ever changed."""

from diplopedia.actions.keeping import LockedOut, bring_back, delete, rename, restore, restrict, verify
from diplopedia.actions.naming import add_alias, title_is_taken
from diplopedia.actions.saving import (
    Change,
    EditConflict,
    Outdated,
    check_text,
    create_article,
    save_edit,
)
from diplopedia.actions.undoing import NothingToUndo, undo, without
from diplopedia.titles import TitleTaken

__all__ = [
    "Change",
    "EditConflict",
    "LockedOut",
    "NothingToUndo",
    "Outdated",
    "TitleTaken",
    "add_alias",
    "bring_back",
    "check_text",
    "create_article",
    "delete",
    "rename",
    "restore",
    "restrict",
    "save_edit",
    "title_is_taken",
    "undo",
    "verify",
    "without",
]
