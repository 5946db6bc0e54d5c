import type { AbsenceState, SeverReason, Standing } from "@/api/bindings.ts";
import Ban from "@lucide/svelte/icons/ban";
import FilterX from "@lucide/svelte/icons/funnel-x";
import FolderOutput from "@lucide/svelte/icons/folder-output";
import Hand from "@lucide/svelte/icons/hand";
import Plug from "@lucide/svelte/icons/plug";
import Trash from "@lucide/svelte/icons/trash-2";
import type { IconType } from "@/design/icon.ts";

interface Reason {
  readonly word: string;
  readonly icon: IconType;
  /** What it means, for whoever hovers over it. */
  readonly why: string;
}

/** Why a pair was severed, in words. */
export const REASONS: Readonly<Record<SeverReason, Reason>> = {
  deleted_there: {
    word: "Deleted in Jira",
    icon: Trash,
    why: "Jira told that the issue was deleted, and it is not there any more.",
  },
  deleted_here: {
    word: "Deleted here",
    icon: Trash,
    why: "The item was deleted here. The issue in Jira stays as it is.",
  },
  moved_away: {
    word: "Moved away",
    icon: FolderOutput,
    why: "The issue was moved to a project that is not kept in step.",
  },
  out_of_scope: {
    word: "Out of scope",
    icon: FilterX,
    why: "The issue no longer meets the integration's filter.",
  },
  no_permission: {
    word: "No permission",
    icon: Ban,
    why: "The account may no longer see the issue.",
  },
  connection_removed: {
    word: "Connection removed",
    icon: Plug,
    why: "The connection to Jira, or the project in it, was disconnected here.",
  },
  by_hand: { word: "By hand", icon: Hand, why: "Somebody disconnected it." },
};

export const REASON_CODES = Object.keys(REASONS) as SeverReason[];

/** What a look for an issue out of reach found, in words. */
export const ABSENCES: Readonly<Record<AbsenceState, string>> = {
  unseen: "Not there, or hidden by a security level",
  project_unseen: "Nothing of its project can be seen",
  archived: "Archived in Jira",
};

/** Who changed a field, in words. */
export const STANDINGS: Readonly<Record<Standing, string>> = {
  changed_here: "Changed here only",
  changed_there: "Changed in Jira only",
  changed_both: "Changed on both sides",
  never_agreed: "Never agreed on",
};
