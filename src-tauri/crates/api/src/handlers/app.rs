//! State, settings, the guided set-up.

use crate::app::App;
use crate::convert;
use crate::dto::{
    AppState, Nothing, SecretStoreArgs, SecretStoreKind, SecretStoreState, Setup, SetupPlaceArgs,
    SetupStep, StepState, Theme, ThemeArgs,
};
use crate::error::{ErrorCode, ErrorDto};
use engine::{EngineError, Problem, SecretChoice, SetupPlace};
use secrecy::SecretString;
use store::{ConnectionId, IntegrationId};

const THEME: &str = "theme";
/// Steps that this version has: to connect, add, map, import, and map statuses.
const AVAILABLE: [u8; 6] = [3, 4, 5, 6, 7, 8];

impl App {
    /// What every screen wants to know.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn app_state(&self, _: Nothing) -> Result<AppState, ErrorDto> {
        let counts = self
            .engine
            .store()
            .read(|read| {
                let integrations = store::integration::list(read)?;
                let mut last = None;
                for integration in &integrations {
                    for run in store::run::of_integration(read, integration.id)? {
                        if run.state == store::run::RunState::Done {
                            last = last.max(run.ended_at);
                        }
                    }
                }
                let items = store::item::counts(read)?.total;
                Ok((
                    items,
                    store::connection::list(read)?.len(),
                    integrations.len(),
                    last,
                ))
            })
            .await
            .map_err(EngineError::from)?;
        let theme = self.engine.setting(THEME).await?;
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.engine.data_dir().display().to_string(),
            theme: match theme.as_deref() {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::System,
            },
            secret_store: self.secret_store_state().await,
            items: convert::count(counts.0),
            connections: convert::count(counts.1 as u64),
            integrations: convert::count(counts.2 as u64),
            active_run: self.engine.active_run().await?.as_ref().map(convert::run),
            last_import_at: counts.3.map(convert::moment),
        })
    }

    /// Keeps the theme.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn theme_set(&self, args: ThemeArgs) -> Result<AppState, ErrorDto> {
        let word = match args.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        self.engine.set_setting(THEME, word.to_owned()).await?;
        self.app_state(Nothing {}).await
    }

    async fn secret_store_state(&self) -> SecretStoreState {
        let (kind, problem) = self.engine.secret_state().await;
        let problem = problem.map(|problem| ErrorDto::from(EngineError::from(problem)));
        SecretStoreState {
            kind: convert::secret_kind(kind),
            ready: problem.is_none(),
            problem,
            file_exists: self.engine.secret_file_exists().await,
        }
    }

    /// Chooses where secrets are kept.
    ///
    /// # Errors
    /// `secret_store_unavailable`, `secret_store_locked`, `passphrase_wrong`.
    pub async fn secret_store_choose(
        &self,
        args: SecretStoreArgs,
    ) -> Result<SecretStoreState, ErrorDto> {
        let choice = match args.kind {
            SecretStoreKind::Keyring => SecretChoice::Keyring,
            SecretStoreKind::File => {
                let passphrase = args.passphrase.filter(|words| !words.is_empty());
                let passphrase =
                    passphrase.ok_or_else(|| ErrorDto::new(ErrorCode::PassphraseWrong))?;
                SecretChoice::File(SecretString::from(passphrase))
            }
        };
        self.engine.choose_secrets(choice).await?;
        Ok(self.secret_store_state().await)
    }

    /// The guided set-up.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup(&self, _: Nothing) -> Result<Setup, ErrorDto> {
        let place = self.engine.setup_place().await?;
        self.setup_at(place).await
    }

    /// Remembers the place in the set-up.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup_place(&self, args: SetupPlaceArgs) -> Result<Setup, ErrorDto> {
        let place = SetupPlace {
            step: args.step,
            connection: args.connection_id.map(ConnectionId),
            integration: args.integration_id.map(IntegrationId),
        };
        self.engine.set_setup_place(place).await?;
        self.setup(Nothing {}).await
    }

    async fn setup_at(&self, place: SetupPlace) -> Result<Setup, ErrorDto> {
        let connections = self.engine.connections().await?;
        let connection = connections
            .iter()
            .find(|found| Some(found.id) == place.connection);
        let integration = match place.integration {
            Some(id) => Some(self.engine.integration(id).await?),
            None => None,
        };
        let mut steps: Vec<SetupStep> = (1..=10).map(|number| step(number, place.step)).collect();
        let mut set = |number: usize, state: StepState, summary: Option<String>| {
            steps[number - 1].state = state;
            steps[number - 1].summary = summary;
        };
        if let Some(connection) = connection {
            let stopped = match &connection.state {
                store::connection::ConnectionState::Working => None,
                store::connection::ConnectionState::Stopped { code, detail } => {
                    Some(ErrorDto::from(&Problem::from_text(code, detail)))
                }
            };
            match stopped {
                None => set(3, StepState::Done, Some(connection.data.name.clone())),
                Some(problem) => {
                    set(3, StepState::Attention, Some(connection.data.name.clone()));
                    steps[2].reason = Some(problem.words().title);
                }
            }
        }
        if let Some(view) = &integration {
            let data = &view.integration.data;
            let mut set = |number: usize, done: bool, summary: String| {
                if done {
                    steps[number - 1].state = StepState::Done;
                    steps[number - 1].summary = Some(summary);
                }
            };
            set(4, true, format!("{} ({})", data.name, data.project_key));
            set(5, view.types_saved, "Hierarchy mapped".to_owned());
            set(6, view.fields_saved, "Fields mapped".to_owned());
            set(
                7,
                view.imported_at.is_some(),
                format!("{} items imported", view.linked),
            );
            set(
                8,
                view.statuses_mapped > 0,
                match view.statuses_mapped {
                    1 => "1 status mapped".to_owned(),
                    count => format!("{count} statuses mapped"),
                },
            );
        }
        for (number, ready, why) in [
            (4, connection.is_some(), "Connect to a Jira first"),
            (5, integration.is_some(), "Add a project first"),
            (
                6,
                integration.as_ref().is_some_and(|view| view.types_saved),
                "Save the hierarchy first",
            ),
            (
                7,
                integration.as_ref().is_some_and(|view| view.fields_saved),
                "Save the fields first",
            ),
            (
                8,
                integration.as_ref().is_some_and(|view| view.fields_saved),
                "Save the fields first",
            ),
        ] {
            let step = &mut steps[number - 1];
            step.reachable = ready;
            if !ready {
                step.reason = Some(why.to_owned());
            }
        }
        Ok(Setup {
            step: place.step,
            connection_id: place.connection.map(|id| id.0),
            integration_id: place.integration.map(|id| id.0),
            steps,
        })
    }
}

fn step(number: u8, open: u8) -> SetupStep {
    let available = AVAILABLE.contains(&number);
    SetupStep {
        number,
        state: match (available, number == open) {
            (false, _) => StepState::NotAvailable,
            (true, true) => StepState::InProgress,
            (true, false) => StepState::NotStarted,
        },
        summary: None,
        reason: (!available).then(|| "Not part of this version yet".to_owned()),
        reachable: true,
    }
}
