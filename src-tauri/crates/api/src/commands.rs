//! The command table: every command once, as data. Hosts and bindings are made from it.

/// Calls `$then!` with the whole table: `name(Arguments) -> Result;` a line.
#[macro_export]
macro_rules! command_table {
    ($then:ident) => {
        $then! {
            app_state(Nothing) -> AppState;
            theme_set(ThemeArgs) -> AppState;
            secret_store_choose(SecretStoreArgs) -> SecretStoreState;
            setup(Nothing) -> Setup;
            setup_place(SetupPlaceArgs) -> Setup;

            site_detect(UrlArgs) -> Site;
            connection_test(ConnectionForm) -> ConnectionReport;
            connection_create(ConnectionForm) -> Connection;
            connection_practice(PracticeArgs) -> Connection;
            connections(Nothing) -> Vec<Connection>;
            connection_check(IdArgs) -> ConnectionReport;
            connection_rename(RenameArgs) -> Connection;
            connection_credentials(CredentialsArgs) -> Connection;
            connection_network(NetworkArgs) -> Connection;
            connection_pause(ConnectionPauseArgs) -> Nothing;
            connection_leaving(IdArgs) -> LeavingExtent;
            connection_disconnect(DisconnectArgs) -> Counted;
            firewall(Nothing) -> Firewall;
            projects(ProjectsArgs) -> Projects;
            boards(ProjectArgs) -> Vec<Board>;
            integration_create(IntegrationForm) -> Integration;
            integrations(Nothing) -> Vec<Integration>;
            integration(IdArgs) -> Integration;
            integration_rename(RenameArgs) -> Integration;
            integration_leaving(IdArgs) -> LeavingExtent;
            integration_disconnect(DisconnectArgs) -> Counted;

            hierarchy(SchemaArgs) -> Hierarchy;
            hierarchy_check(TypePairsArgs) -> Vec<TypeRemark>;
            hierarchy_sample(TypePairsArgs) -> SampleTree;
            hierarchy_save(TypePairsArgs) -> Integration;
            field_mapping(SchemaArgs) -> FieldMapping;
            field_mapping_check(FieldPairsArgs) -> Vec<FieldRemark>;
            field_mapping_save(FieldPairsArgs) -> Integration;
            field_values(ValuesArgs) -> Values;
            status_mapping(SchemaArgs) -> StatusMapping;
            status_mapping_check(StatusPairsArgs) -> Vec<StatusRemark>;
            status_mapping_save(StatusPairsArgs) -> Integration;

            scope_check(ScopeArgs) -> ScopeReport;
            scope_save(SaveScopeArgs) -> Integration;
            import_plan(IntegrationArgs) -> Run;
            import_apply(RunArgs) -> Run;
            import_pause(RunArgs) -> Run;
            import_resume(RunArgs) -> Run;
            import_cancel(RunArgs) -> Run;
            import_undo(RunArgs) -> Run;
            run(RunArgs) -> Run;
            runs(IntegrationArgs) -> Vec<Run>;
            plan_summary(RunArgs) -> PlanSummary;
            plan_rows(PlanRowsArgs) -> PlanRows;
            plan_rows_after(PlanRowsAfterArgs) -> PlanRowsAfter;
            plan_row(PlanRowArgs) -> PlanRowDetail;

            areas(Nothing) -> Vec<Area>;
            area_create(NewAreaArgs) -> Area;
            area_rename(RenameArgs) -> Area;
            levels(Nothing) -> Vec<Level>;
            facets(Nothing) -> Facets;
            backlog_open(BacklogQuery) -> BacklogView;
            backlog_rows(BacklogRowsArgs) -> BacklogRows;
            backlog_ids(BacklogIdsArgs) -> Ids;
            item(IdArgs) -> ItemDetail;
            items(ItemsArgs) -> Items;
            items_move(MoveArgs) -> Moved;
            items_move_undo(IdArgs) -> Moved;

            item_create(NewItemArgs) -> ItemDetail;
            item_create_undo(IdArgs) -> Nothing;
            item_edit(EditArgs) -> Edited;
            item_edit_undo(IdArgs) -> Edited;
            rich_source(RichSourceArgs) -> RichSource;
            rich_preview(RichSource) -> RichBlocks;
            item_sync(IdArgs) -> ItemSync;
            field_choices(FieldArgs) -> FieldChoices;
            sync_now(IntegrationArgs) -> SyncReport;
            sync_states(Nothing) -> Vec<SyncState>;
            integration_pause(PauseArgs) -> Nothing;
            fuse_decide(FuseArgs) -> Nothing;
            fuse_limits(IntegrationArgs) -> FuseLimits;
            fuse_limits_set(FuseLimits) -> FuseLimits;
            compare_all(IntegrationArgs) -> Nothing;
            activity(ActivityArgs) -> ActivityPage;
            sync_undo(RunArgs) -> TakenBack;
            why(WhyArgs) -> Why;
            looking(Nothing) -> Nothing;
            conflicts(ConflictsArgs) -> Vec<Conflict>;
            conflict_fields(ConflictFieldsArgs) -> Vec<ConflictField>;
            conflict_resolve(ResolveArgs) -> Nothing;
            conflicts_resolve(ResolveManyArgs) -> Resolved;
            conflicts_resolve_undo(IdArgs) -> ResolvedUndone;
            sync_problems(IntegrationArgs) -> Vec<SyncProblem>;
            sync_retry(RetryArgs) -> Nothing;
            choice_create(ChoiceCreateArgs) -> ChoiceCreated;

            push_preview(PushArgs) -> PushPreview;
            push(PushArgs) -> Pushed;
            push_cancel(IdArgs) -> PushCancelled;
            disconnected(DisconnectedArgs) -> Disconnected;
            disconnected_decide(SeverDecisionArgs) -> Counted;
            disconnected_look(LinkArgs) -> Vec<PairLook>;
            disconnected_look_again(LookAgainArgs) -> Nothing;
            disconnected_dismiss(DismissArgs) -> Counted;
            pairs_unlink(UnlinkArgs) -> Unlinked;
            item_unlink(IdArgs) -> Unlinked;
            unlink_undo(LinkArgs) -> Nothing;
            resync_matches(MatchesArgs) -> Vec<IssueMatch>;
            resync_compare(CompareArgs) -> Comparison;
            resync_link(RelinkArgs) -> Nothing;
            resync_many(RelinkManyArgs) -> Vec<ResyncOutcome>;
            resync_create(LinkArgs) -> Vec<ResyncOutcome>;
            items_delete_extent(ItemIdsArgs) -> DeletionExtent;
            items_delete(ItemIdsArgs) -> ItemsDeleted;
            items_delete_undo(IdArgs) -> Counted;
            scope_policy(IntegrationArgs) -> ScopePolicy;
            scope_policy_set(ScopePolicy) -> ScopePolicy;
        }
    };
}
