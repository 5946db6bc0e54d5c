//! The place in the guided set-up, kept so that closing the window loses nothing.

use crate::Engine;
use crate::error::EngineError;
use store::{ConnectionId, IntegrationId};

const PLACE: &str = "setup.place";

/// Where somebody is in the set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetupPlace {
    /// Step, 1 to 10.
    pub step: u8,
    /// Connection in hand.
    pub connection: Option<ConnectionId>,
    /// Integration in hand.
    pub integration: Option<IntegrationId>,
}

impl Engine {
    /// Where somebody was last; the beginning if nowhere yet. What is no longer there is not in hand.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup_place(&self) -> Result<SetupPlace, EngineError> {
        let text = self
            .inner
            .store
            .read(|read| store::setting::get(read, PLACE))
            .await?;
        let text = text.unwrap_or_default();
        let mut numbers = text.split(' ').map(|word| word.parse::<i64>().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        let (step, connection, integration) = (next(), next(), next());
        let (connection, integration) = self
            .inner
            .store
            .read(move |read| {
                let integration = store::integration::get(read, IntegrationId(integration))?;
                // Whoever has an integration in hand has its connection too.
                let connection = match (connection, &integration) {
                    (0, Some(integration)) => integration.data.connection,
                    (given, _) => ConnectionId(given),
                };
                let connection = store::connection::get(read, connection)?;
                Ok((
                    connection.map(|found| found.id),
                    integration.map(|found| found.id),
                ))
            })
            .await?;
        let step = u8::try_from(step).unwrap_or(1).clamp(1, 10);
        Ok(SetupPlace {
            step,
            connection,
            integration,
        })
    }

    /// Remembers the place.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn set_setup_place(&self, place: SetupPlace) -> Result<(), EngineError> {
        let number = |id: Option<i64>| id.unwrap_or(0);
        let text = format!(
            "{} {} {}",
            place.step.clamp(1, 10),
            number(place.connection.map(|id| id.0)),
            number(place.integration.map(|id| id.0))
        );
        self.inner
            .store
            .write(move |tx| store::setting::set(tx, PLACE, &text))
            .await?;
        Ok(())
    }

    /// A setting by name.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setting(&self, name: &'static str) -> Result<Option<String>, EngineError> {
        Ok(self
            .inner
            .store
            .read(move |read| store::setting::get(read, name))
            .await?)
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn set_setting(&self, name: &'static str, value: String) -> Result<(), EngineError> {
        self.inner
            .store
            .write(move |tx| store::setting::set(tx, name, &value))
            .await?;
        self.tell(&[crate::Topic::App]);
        Ok(())
    }
}
