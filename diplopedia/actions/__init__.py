"""What is done to articles. `save_edit` is the one door through which a text is ever changed."""

from diplopedia.actions.adding import add_file
from diplopedia.actions.calling import give_name, take_name
from diplopedia.actions.drafting import (
    DraftRefused,
    Writing,
    forget_drafts,
    hold_drafts,
    is_late,
    published_meanwhile,
    save_draft,
)
from diplopedia.actions.forgetting import forget_file, forgotten_files
from diplopedia.actions.joining import NotJoinable, Seen, check_joinable, join, joined_before, joined_version
from diplopedia.actions.keeping import LockedOut, bring_back, delete, rename, restore, restrict, verify
from diplopedia.actions.naming import add_alias, title_is_taken
from diplopedia.actions.rendering import render_again
from diplopedia.actions.saving import (
    Change,
    EditConflict,
    Outdated,
    check_text,
    create_article,
    save_edit,
)
from diplopedia.actions.splitting import split
from diplopedia.actions.translating import (
    LanguageTaken,
    OtherReaders,
    join_languages,
    part_languages,
    translate,
)
from diplopedia.actions.undoing import NothingToUndo, nothing_left, summary_of, undo, without
from diplopedia.titles import TitleTaken

__all__ = [
    "Change",
    "DraftRefused",
    "EditConflict",
    "LanguageTaken",
    "LockedOut",
    "NotJoinable",
    "NothingToUndo",
    "OtherReaders",
    "Outdated",
    "Seen",
    "TitleTaken",
    "Writing",
    "add_alias",
    "add_file",
    "bring_back",
    "check_joinable",
    "check_text",
    "create_article",
    "delete",
    "forget_drafts",
    "forget_file",
    "forgotten_files",
    "give_name",
    "hold_drafts",
    "is_late",
    "join",
    "join_languages",
    "joined_before",
    "joined_version",
    "nothing_left",
    "part_languages",
    "published_meanwhile",
    "rename",
    "render_again",
    "restore",
    "restrict",
    "save_draft",
    "save_edit",
    "split",
    "summary_of",
    "take_name",
    "title_is_taken",
    "translate",
    "undo",
    "verify",
    "without",
]
