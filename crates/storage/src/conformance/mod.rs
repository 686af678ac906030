//! The suite that every backend passes: one function per behaviour, each on a fresh store of its own.
//!
//! A backend's tests hold an async function that answers [`Fresh`] and one line, `tallyport_storage::store_conformance!(fresh);`,
//! which expands to a test per case. A backend that skips a case does not exist. Cases need no order and run side by side.

#![expect(missing_docs, reason = "a case is a sentence")]
#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a case fails by panicking")]

/// Expects a call to be refused with an error of this pattern.
macro_rules! refused {
    ($call:expr, $pattern:pat $(if $guard:expr)?) => {
        match $call {
            Err($pattern) $(if $guard)? => {}
            other => panic!("expected {}, got {other:?}", stringify!($pattern)),
        }
    };
}

pub mod assignments;
pub mod changes;
mod commands;
pub mod faults;
pub mod held;
pub mod integration;
pub mod invitations;
pub mod links;
pub mod matching;
pub mod once;
pub mod outbox;
pub mod paging;
pub mod parts;
pub mod people;
pub mod reports;
pub mod runs;
pub mod saving;
pub mod schedules;
mod secrets;
pub mod sessions;
pub mod setup;
pub mod sheets;
mod snapshot;
pub mod steps;
pub mod still;
pub mod sweep;
pub mod sync;
pub mod tags;
pub mod tasks;
pub mod tenants;
pub mod time;
pub mod tokens;
pub mod tree;
pub mod unlinking;
mod world;

pub use world::{Fresh, World};

/// Expands to one test for each case of the suite: `fresh` is the path of an async function that answers a [`Fresh`].
#[macro_export]
macro_rules! store_conformance {
    ($fresh:path) => {
        $crate::store_conformance! { @each $fresh;
            people: [
                an_account_comes_with_its_first_administrator,
                of_two_accounts_of_one_name_one_is_created,
                numbers_count_within_their_account,
                people_are_added_as_they_are_described,
                people_are_listed_by_name_as_people_expect_then_by_number,
                an_email_is_found_in_any_spelling_and_shown_as_it_was_typed,
                a_taken_email_is_refused_in_any_spelling_and_nobody_is_added,
                a_deactivated_persons_email_stays_taken,
                an_email_can_be_set_unless_somebody_else_has_it,
                roles_change,
                the_last_active_administrator_can_neither_be_demoted_nor_deactivated,
                of_two_administrators_who_demote_each_other_at_once_one_remains,
                a_deactivated_person_stays_on_record_and_comes_back,
                who_is_not_there_is_not_found,
            ]
            matching: [
                a_sync_assigns_members_their_workspaces_and_the_owner_the_root,
                a_sync_withdraws_from_who_left_and_only_what_was_automatic,
                members_that_could_not_be_read_stand_as_last_known,
                who_joins_is_matched_at_once,
                who_is_only_invited_in_toggl_is_not_matched,
                before_the_first_sync_nobody_is_matched,
                another_email_assigns_and_withdraws,
                a_suppression_outlives_another_email_and_coming_back,
                deactivating_ends_what_is_automatic_and_reactivating_brings_it_back,
                a_demoted_owner_keeps_integration_and_root,
                nobody_gives_a_deactivated_person_anything_automatically,
                what_stands_on_an_archived_workspace_stands_until_a_sync_brings_it_back,
                an_unlinked_integration_matches_nobody,
            ]
            assignments: [
                people_are_assigned_by_hand,
                either_all_of_the_people_are_assigned_or_none,
                taking_away_removes_both_kinds_and_remembers_the_automatic_one,
                assigning_again_lifts_the_suppression,
                what_comes_from_above_cannot_be_taken_away_below_and_the_refusal_names_it,
                taking_away_from_what_is_not_there_is_refused,
                a_deactivated_persons_assignment_can_be_taken_away,
                an_assignment_gives_everything_below_now_and_later,
                access_tells_every_assignment_that_gives_it,
                archived_tasks_are_in_nobodys_effective_access,
                automatic_assignments_turn_manual_but_for_the_roots,
                a_task_tells_how_everybody_stands_to_it_and_since_when,
            ]
            tasks: [
                a_native_task_is_added_where_it_is_told,
                a_deep_tree_is_told_whole,
                a_native_task_is_renamed,
                a_native_task_is_moved_with_all_below_it,
                no_move_makes_a_cycle,
                of_two_moves_at_once_that_would_make_a_cycle_one_is_refused,
                archiving_takes_all_below_along_and_leaves_older_reasons,
                restoring_takes_all_below_along_and_brings_back_what_is_above,
                nothing_is_put_under_an_archived_task,
                what_is_archived_stays_archived_wherever_it_is_moved,
                deleting_takes_all_below_along_and_frees_no_number,
                what_is_imported_is_read_only,
                what_is_not_there_is_not_found,
            ]
            time: [
                a_timer_runs_until_it_is_stopped_and_keeps_its_number,
                a_start_ends_the_timer_that_runs_without_a_gap,
                of_starts_at_once_one_runs_and_none_is_lost,
                stopping_what_is_stopped_changes_nothing_and_leaves_another_timer_alone,
                what_is_asked_for_twice_counts_once,
                time_starts_only_where_one_is_assigned_and_nothing_is_archived,
                a_timer_runs_on_when_its_task_is_archived,
                what_was_done_to_an_entry_stays_on_record,
                time_of_somebody_else_is_not_there,
                what_precedes_the_loss_of_access_stands_and_what_follows_is_saved_without_the_task,
                starts_that_are_told_in_any_order_lie_one_after_the_other,
                deactivating_somebody_stops_their_timer,
                a_task_with_time_on_it_or_below_is_not_deleted,
                whoever_follows_hears_of_each_entry_that_is_written,
            ]
            steps: [
                a_duration_goes_where_there_is_room,
                a_cell_holds_what_was_typed_and_is_taken_back_in_one_step,
                several_are_changed_all_or_none,
                an_entry_changes_only_while_it_is_what_was_seen,
            ]
            sheets: [
                an_entry_across_midnight_counts_on_both_days_of_its_zone,
                an_edit_moves_what_is_added_up,
                what_is_added_up_is_what_the_entries_say,
                a_sheet_shows_a_persons_days_as_of_one_moment,
                what_is_tracked_on_tasks_is_told_of_these_tasks_alone,
            ]
            tags: [
                tags_are_put_in_order_wherever_they_are,
            ]
            reports: [
                time_is_told_apart_by_what_is_asked_for,
                an_entry_counts_under_each_of_its_tags_and_once_in_all,
                a_filter_lets_just_that_time_through,
                the_tasks_of_a_report_stand_in_display_order_with_all_above_them,
                time_on_archived_tasks_is_told_once_however_it_is_told_apart,
                the_time_of_another_account_is_never_added,
                a_timer_that_runs_is_in_no_report_until_it_is_stopped,
                reports_and_exports_of_any_days_and_filter_are_the_sum_of_their_entries,
            ]
            tree: [
                the_tree_is_in_the_order_that_people_expect,
                names_alike_are_in_the_order_of_their_numbers,
                imported_tasks_stand_in_the_tree_with_what_the_source_says,
                archived_tasks_are_listed_apart_with_their_paths,
                a_member_sees_what_they_have_and_what_it_hangs_under,
                a_member_sees_just_their_own_archived_tasks,
                who_sees_everything_tracks_only_where_they_are_assigned,
                searching_finds_every_word_along_the_path_and_names_first,
                a_member_finds_only_what_they_have,
                every_character_of_a_search_stands_for_itself,
                searching_leaves_archived_tasks_out_unless_asked_and_stops_at_the_limit,
                a_search_finds_what_became_of_everything_since_the_last_one,
                a_task_tells_what_runs_did_to_it_newest_first,
                no_more_than_fifty_changes_of_a_task_are_told,
                an_imported_and_a_native_task_of_one_name_are_told_apart_by_their_paths,
            ]
            paging: [
                the_parts_of_a_tree_are_the_tree,
                an_archived_task_stands_among_the_others_under_what_it_hangs_under,
                what_hangs_under_a_task_is_listed_alone,
                a_part_begins_at_its_place_whatever_became_of_the_task,
                nothing_that_stays_is_missed_or_comes_twice_while_others_change_the_tree,
                a_deep_place_is_short_and_is_found_again,
                the_parts_of_a_search_are_what_it_finds,
                the_parts_of_what_somebody_has_are_all_that_they_have,
            ]
            integration: [
                enabling_stores_the_token_and_makes_the_root,
                what_is_enabled_is_not_enabled_again,
                what_was_never_enabled_can_be_nothing_else,
                a_selection_is_saved_with_the_names_that_the_token_sees,
                selecting_alone_changes_no_task,
                settings_are_saved,
                who_changes_one_setting_leaves_the_others_as_they_are,
                the_stored_token_is_marked_as_rejected_once_and_no_other,
                members_are_told_with_their_workspaces_and_who_they_are_here,
                a_member_is_somebody_here_as_soon_as_they_join,
                each_sync_remembers_the_members_it_read,
                members_of_a_deselected_workspace_are_not_told,
                deselecting_names_what_it_would_archive,
                the_owner_may_track_on_everything_imported,
            ]
            unlinking: [
                unlinking_destroys_the_token,
                unlinking_archives_what_was_active_and_ends_automatic_assignments,
                unlinking_keeps_tasks_as_native_ones_and_turns_assignments_manual,
                kept_tasks_are_ordinary_ones,
                archived_by_unlinking_they_can_still_be_kept_later,
                what_is_unlinked_is_not_unlinked_again,
                re_enabling_changes_owner_and_token_and_keeps_everything_else,
                re_enabling_lifts_a_suppression_of_the_owner_on_the_root_alone,
                what_stands_already_is_not_made_again,
                who_was_deactivated_meanwhile_gets_nothing_back,
                after_archiving_a_sync_brings_everything_back_under_its_old_number,
                kept_tasks_are_found_again_and_nothing_comes_twice,
                a_root_that_was_kept_and_changed_is_the_root_again,
                a_kept_tree_that_was_deleted_comes_in_anew,
                unlinking_and_re_enabling_time_and_again_leaves_everything_in_place,
            ]
            sync: [
                a_first_sync_leaves_just_what_its_plan_says,
                a_later_sync_changes_just_what_its_plan_says,
                an_archived_task_gets_its_latest_reason_and_keeps_its_first_time,
                numbers_outlive_renaming_moving_archiving_and_coming_back,
                one_number_of_the_source_is_not_another_kinds,
                names_of_the_source_are_kept_to_the_last_character,
                a_run_records_how_it_went,
                a_run_that_finds_nothing_to_do_succeeds_too,
                a_plan_for_a_tree_that_changed_meanwhile_is_refused_whole,
                a_stale_run_plans_again_and_applies,
                whatever_a_plan_rests_on_changes_the_version,
                a_run_at_work_leaves_the_version_alone,
                a_sync_leaves_native_tasks_manual_assignments_and_suppressions_alone,
                a_plan_of_thousands_of_tasks_is_applied,
                without_an_integration_there_is_no_state_and_no_run,
                the_state_names_people_owner_selection_and_settings,
                what_is_read_at_one_moment_fits_together,
            ]
            runs: [
                a_second_run_is_told_which_one_is_under_way,
                of_runs_that_begin_at_once_one_opens,
                each_account_has_runs_of_its_own,
                a_lease_that_ran_out_is_taken_over_and_its_run_closed_as_failed,
                a_lease_of_a_dead_process_is_taken_over_at_once,
                a_heartbeat_prolongs_the_lease,
                a_heartbeat_tells_how_far_the_run_is_and_until_when_it_waits,
                what_was_left_for_another_token_is_forgotten,
                a_run_that_waits_is_under_way,
                cancelling_ends_the_run_and_fences_its_process,
                a_run_ends_no_earlier_than_it_began_whatever_the_clock_says,
                where_nothing_is_under_way_nothing_is_cancelled,
                a_lease_of_another_epoch_is_worthless,
                a_run_ends_once,
                saving_unlinking_and_re_enabling_cancel_the_run_under_way,
                a_failed_run_says_why_and_changes_nothing_else,
                a_rejected_token_is_remembered_until_another_one_is_stored,
                runs_are_listed_newest_first_page_by_page,
                the_items_of_a_run_are_listed_in_order_page_by_page,
                every_trigger_is_recorded_and_a_schedule_is_nobody,
            ]
            parts: [
                parts_are_kept_after_a_spent_quota_and_given_back_once,
                parts_of_a_dead_process_are_given_to_the_next_run,
                parts_are_dropped_when_a_run_ends_in_any_other_way,
                parts_read_for_another_selection_or_with_another_token_are_dropped,
            ]
            held: [
                a_held_run_changes_nothing_and_shows_what_it_would,
                a_held_run_blocks_nothing_and_is_superseded_by_the_next_that_plans,
                a_held_run_can_be_rejected_once,
                what_a_held_run_showed_is_the_consent_to_it,
                a_plan_is_held_though_the_tree_has_changed_meanwhile,
                unlinking_supersedes_a_held_run,
            ]
            changes: [
                a_new_account_begins_with_changes_of_its_own,
                changes_are_read_from_a_number_on_page_by_page,
                a_stamp_is_another_one_after_every_write_and_the_same_without,
                writes_about_people_leave_changes,
                writes_about_tasks_leave_changes,
                moving_and_deleting_tells_everybody_who_has_it_there_above_or_below,
                writes_about_the_integration_leave_changes,
                adopting_assignments_leaves_changes,
                a_run_leaves_changes_as_it_begins_waits_and_ends,
                a_sync_leaves_one_change_that_names_its_run,
                a_held_run_and_its_rejection_leave_changes,
                reading_and_refusals_leave_no_change,
                each_account_counts_its_own_changes,
            ]
            setup: [
                the_first_account_is_set_up_like_any_other,
                a_store_with_an_account_is_set_up_already,
            ]
            sessions: [
                a_session_tells_who_comes_with_it,
                a_secret_leads_to_its_own_account_under_whatever_number,
                a_session_that_nobody_uses_is_over_after_two_weeks,
                a_session_that_is_used_is_over_after_ninety_days,
                the_use_of_a_session_is_noted_every_ten_minutes,
                using_a_session_leaves_no_change,
                sessions_are_listed_the_one_used_last_first,
                an_ended_session_opens_nothing_from_then_on,
                who_signs_in_anew_leaves_the_session_that_the_browser_had,
                what_is_over_is_swept_away_as_another_session_begins,
                a_deactivated_person_loses_everything_at_once_and_gets_none_of_it_back,
                a_deactivated_person_is_given_nothing_to_come_in_with,
                a_role_counts_from_the_next_request_on,
                a_new_password_ends_every_session_but_the_one_that_is_kept,
                everybody_whom_an_address_could_mean_is_found,
                a_password_is_hashed_anew_unless_it_changed_meanwhile,
                what_a_person_did_not_decide_is_the_accounts,
                what_one_person_decides_is_nobody_elses,
            ]
            tokens: [
                a_token_tells_who_comes_with_it_and_what_it_may_do,
                a_token_works_until_it_expires,
                a_revoked_token_opens_nothing_and_stays_on_record,
                tokens_are_listed_the_newest_first_and_to_their_owner_alone,
                the_use_of_a_token_is_noted_every_ten_minutes,
                sessions_and_tokens_are_never_taken_for_each_other,
            ]
            links: [
                a_reset_link_sets_the_password_once_and_ends_all_sessions,
                a_reset_link_works_for_an_hour,
                of_two_who_reset_with_one_link_at_once_one_does,
                a_proved_address_is_the_persons_and_matches_them_anew,
                a_link_for_a_new_address_works_for_a_day,
                of_two_who_prove_one_address_at_once_one_gets_it,
                an_address_that_somebody_has_is_refused_when_it_is_asked_for_and_when_it_is_proved,
                another_link_of_the_same_kind_takes_the_place_of_the_earlier_one,
                a_link_for_one_thing_does_nothing_else,
                another_address_takes_the_links_to_the_old_one_away,
            ]
            invitations: [
                an_invitation_is_told_as_it_was_made_and_the_newest_first,
                who_is_here_or_invited_is_not_invited_and_nobody_with_them,
                an_expired_or_revoked_invitation_makes_room_for_another_one,
                who_accepts_is_what_the_invitation_says_and_has_what_they_had_in_toggl,
                who_is_only_invited_in_toggl_has_nothing_by_accepting,
                the_link_of_an_invitation_works_for_seven_days,
                of_two_who_accept_at_once_one_becomes_somebody,
                a_link_that_works_no_more_tells_what_became_of_it,
                who_joined_meanwhile_cannot_accept_any_more,
                a_renewed_invitation_has_another_link_and_seven_days_more,
                what_is_accepted_or_revoked_stays_so,
                one_invitation_under_the_same_number_is_two,
            ]
            outbox: [
                the_link_of_an_invitation_is_made_as_its_mail_leaves,
                a_rehearsal_leaves_nothing,
                a_mail_that_brings_a_link_goes_where_the_link_belongs,
                a_clock_that_is_set_back_holds_up_no_mail,
                of_two_who_take_mail_at_once_each_takes_another_one,
                what_is_due_longest_leaves_first_whatever_account_it_is_of,
                a_mail_that_did_not_leave_is_tried_again_with_another_link,
                a_mail_is_given_up_after_the_last_try,
                what_wants_a_persons_eye_is_told_the_newest_first,
                what_a_dead_process_was_at_may_have_arrived_and_does_not_leave_again,
                a_mail_is_settled_by_who_took_it_and_once,
                a_mail_whose_cause_is_gone_does_not_leave,
                an_invitation_has_the_link_that_was_made_last_whatever_mail_is_under_way,
                a_mail_under_way_as_its_invitation_is_accepted_or_revoked_is_not_tried_again,
            ]
            schedules: [
                every_linked_integration_with_a_schedule_is_told,
                a_schedule_counts_from_when_it_was_set_or_the_integration_linked,
                a_held_scheduled_run_is_told_once_to_each_active_administrator,
                the_second_failure_in_a_row_is_told_once,
                only_scheduled_runs_are_told_of,
                what_was_decided_or_whoever_lost_the_office_gets_no_mail,
                another_accounts_runs_are_told_to_nobody_here,
            ]
            sweep: [
                sessions_that_are_over_are_deleted,
                links_that_nobody_used_are_deleted_and_those_to_come_are_not,
                answers_are_deleted_after_thirty_days,
                mail_that_nobody_has_to_look_at_is_deleted,
                it_is_done_in_bites_by_as_many_as_like,
            ]
            once: [
                people_are_added_once_under_one_key,
                people_are_invited_once_under_one_key,
                a_token_is_made_once_under_one_key,
                a_task_is_added_once_under_one_key,
                an_answer_outlives_what_it_was_about,
                a_key_is_its_persons_own,
                what_was_refused_is_tried_anew_under_its_key,
                an_answer_is_kept_for_thirty_days,
                what_was_answered_is_told_to_its_own_person_for_its_own_request,
                of_two_who_ask_at_once_under_one_key_one_makes_it,
                who_never_heard_the_answer_gets_it_by_asking_again,
            ]
            saving: [
                the_run_that_follows_is_opened_in_the_same_step,
                what_is_asked_for_twice_under_one_key_is_saved_and_started_once,
                a_run_that_cannot_start_leaves_its_key_free,
                what_is_refused_saves_nothing_and_starts_nothing,
                who_never_heard_of_their_run_hears_of_it_by_asking_again,
            ]
            still: [
                a_task_is_edited_where_it_is_as_it_was_seen,
                what_is_seen_of_a_task_is_all_that_is_told_of_it,
                a_person_is_edited_where_they_are_as_they_were_seen,
                selection_and_settings_are_saved_where_they_are_as_they_were_seen,
                of_many_who_saw_the_same_at_once_one_changes_it,
            ]
            tenants: [
                what_another_account_has_reads_as_not_there,
                what_another_account_has_cannot_be_changed,
                another_accounts_assignments_give_nothing_here,
                another_accounts_names_and_places_mean_nothing_here,
                another_accounts_members_match_nobody_here,
                one_assignment_under_the_same_numbers_is_two,
                one_archived_task_under_the_same_number_is_two,
                each_account_has_a_root_of_its_own,
                another_accounts_workspaces_have_no_name_here,
                one_held_run_under_the_same_number_is_two,
                what_another_account_kept_stays_kept,
                what_another_account_archived_by_unlinking_stays_archived,
                another_accounts_lease_opens_nothing,
                whatever_one_account_does_the_other_stays_as_it_is,
                an_account_that_does_not_exist_has_nothing_and_does_nothing,
            ]
            faults: [
                a_fault_before_a_call_changes_nothing,
                a_fault_after_a_call_loses_its_answer_alone,
                a_fault_strikes_the_call_it_was_ordered_for_and_no_other,
            ]
        }
    };
    (@each $fresh:path; $($topic:ident: [$($case:ident),* $(,)?])*) => {
        $($(
            #[tokio::test]
            async fn $case() {
                $crate::conformance::$topic::$case($fresh().await).await;
            }
        )*)*
    };
}

#[cfg(test)]
mod tests {
    /// The name of every case in a file of the suite, or of every case that the macro lists for it.
    fn cases(text: &str, before: &str, after: char) -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(before)?.split_once(after));
        lines.map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn every_case_is_listed_once() {
        let listing = include_str!("mod.rs");
        let topics = [
            ("people", include_str!("people.rs")),
            ("matching", include_str!("matching.rs")),
            ("assignments", include_str!("assignments.rs")),
            ("tasks", include_str!("tasks.rs")),
            ("tree", include_str!("tree.rs")),
            ("paging", include_str!("paging.rs")),
            ("integration", include_str!("integration.rs")),
            ("unlinking", include_str!("unlinking.rs")),
            ("sync", include_str!("sync.rs")),
            ("runs", include_str!("runs.rs")),
            ("parts", include_str!("parts.rs")),
            ("held", include_str!("held.rs")),
            ("changes", include_str!("changes.rs")),
            ("setup", include_str!("setup.rs")),
            ("sessions", include_str!("sessions.rs")),
            ("tokens", include_str!("tokens.rs")),
            ("links", include_str!("links.rs")),
            ("invitations", include_str!("invitations.rs")),
            ("outbox", include_str!("outbox.rs")),
            ("schedules", include_str!("schedules.rs")),
            ("sweep", include_str!("sweep.rs")),
            ("once", include_str!("once.rs")),
            ("saving", include_str!("saving.rs")),
            ("still", include_str!("still.rs")),
            ("time", include_str!("time.rs")),
            ("steps", include_str!("steps.rs")),
            ("sheets", include_str!("sheets.rs")),
            ("tags", include_str!("tags.rs")),
            ("reports", include_str!("reports.rs")),
            ("tenants", include_str!("tenants.rs")),
            ("faults", include_str!("faults.rs")),
        ];
        let modules = listing.lines().filter(|line| line.starts_with("pub mod ")).count();
        assert_eq!(modules, topics.len(), "a topic is not checked here");
        for (topic, text) in topics {
            let (_, listed) = listing.split_once(&format!("            {topic}: [\n")).unwrap();
            let (listed, _) = listed.split_once(']').unwrap();
            assert_eq!(cases(listed, "                ", ','), cases(text, "pub async fn ", '('), "{topic}");
        }
    }
}
