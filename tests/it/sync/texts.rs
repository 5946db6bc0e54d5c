//! Texts with structure: what nobody edited is never rewritten, and what nobody here understands survives.

use super::{Pair, pairs};
use api::dto::{EditArgs, EditValue, RichFormat, RichSource, RichSourceArgs};
use api::error::ErrorCode;
use practice_jira::Face;
use serde_json::{Value, json};

/// A description with a part that only Jira, or an app within it, understands.
fn description(face: Face, words: &str) -> Value {
    match face {
        Face::Cloud => json!({ "type": "doc", "version": 1, "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": words }] },
            { "type": "extension", "attrs": {
                "extensionType": "app", "extensionKey": "roadmap", "parameters": { "depth": [1, null] },
            } },
        ] }),
        Face::DataCenter => json!(format!("h2. {words}\n\n{{roadmap:depth=3}}\n* one")),
    }
}

/// The same as Jira writes it by itself.
fn written_anew(face: Face, words: &str) -> Value {
    match face {
        Face::Cloud => json!({ "version": 1, "content": [
            {
                "content": [{ "text": words, "type": "text" }], "type": "paragraph",
                "attrs": { "localId": "8f2a" },
            },
            { "attrs": {
                "extensionKey": "roadmap", "parameters": { "depth": [1, null] }, "extensionType": "app",
                "localId": "77",
            }, "type": "extension" },
        ], "type": "doc" }),
        Face::DataCenter => json!(format!(
            "h2. {words} \r\n\r\n{{roadmap:depth=3}}\r\n* one\r\n"
        )),
    }
}

fn as_source(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl Pair {
    async fn text(&self, item_id: i64) -> RichSource {
        let field = "description".to_owned();
        let args = RichSourceArgs { item_id, field };
        self.app.rich_source(args).await.expect("a text")
    }

    async fn write(&self, item_id: i64, source: &str, was: &RichSource) -> Result<(), ErrorCode> {
        let args = EditArgs {
            item_id,
            field: "description".to_owned(),
            value: EditValue::Rich {
                format: was.format,
                source: source.to_owned(),
                was: was.source.clone(),
            },
        };
        self.app
            .item_edit(args)
            .await
            .map(drop)
            .map_err(|error| error.code)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_description_edited_here_comes_to_jira_with_all_that_nobody_here_understands() {
    for pair in pairs().await {
        let face = pair.served.face();
        let (item, key) = pair.some(11).await;
        pair.change_there(&key, &json!({ "description": description(face, "Before") }));
        pair.sync().await;
        let began = pair.text(item).await;
        let format = match face {
            Face::Cloud => RichFormat::Adf,
            Face::DataCenter => RichFormat::Wiki,
        };
        assert_eq!(began.format, format);
        assert_eq!(
            began.source,
            as_source(&description(face, "Before")),
            "to the letter"
        );

        let source = began.source.replace("Before", "After");
        pair.write(item, &source, &began).await.expect("it fits");
        assert_eq!(pair.state(item).await.unsent, ["description"]);
        let report = pair.sync().await;
        assert_eq!(
            (report.sent, report.parked, report.conflicts),
            (1, 0, 0),
            "{report:?}"
        );
        assert_eq!(pair.there(&key, "description"), description(face, "After"));
        assert!(pair.state(item).await.unsent.is_empty());
        pair.check_idle().await;
        assert_eq!(pair.text(item).await.source, source);
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_jira_writes_anew_by_itself_is_no_news_and_no_conflict() {
    for pair in pairs().await {
        let face = pair.served.face();
        let (item, key) = pair.some(12).await;
        pair.change_there(&key, &json!({ "description": description(face, "One") }));
        pair.sync().await;
        let began = pair.text(item).await;
        pair.change_there(&key, &json!({ "description": written_anew(face, "One") }));
        let report = pair.sync().await;
        assert_eq!(
            (report.updated, report.sent, report.conflicts),
            (0, 0, 0),
            "{report:?}"
        );
        assert_eq!(pair.text(item).await, began);

        // Who edits meanwhile is in conflict with nobody, and with what they began is not overtaken.
        let source = began.source.replace("One", "Two");
        pair.write(item, &source, &began).await.expect("it fits");
        pair.change_there(&key, &json!({ "description": description(face, "One") }));
        let report = pair.sync().await;
        assert_eq!((report.sent, report.conflicts), (1, 0), "{report:?}");
        assert_eq!(pair.there(&key, "description"), description(face, "Two"));
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_description_that_somebody_else_changed_is_not_overwritten_unseen() {
    for pair in pairs().await {
        let face = pair.served.face();
        let (item, key) = pair.some(13).await;
        let began = pair.text(item).await;
        pair.change_there(&key, &json!({ "description": description(face, "Theirs") }));
        pair.sync().await;
        let mine = as_source(&description(face, "Mine"));
        assert_eq!(
            pair.write(item, &mine, &began).await,
            Err(ErrorCode::EditOvertaken)
        );
        let theirs = pair.text(item).await;
        assert_eq!(theirs.source, as_source(&description(face, "Theirs")));
        pair.write(item, &mine, &theirs).await.expect("it was seen");
        pair.sync().await;
        assert_eq!(pair.there(&key, "description"), description(face, "Mine"));
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_description_is_emptied_and_written_anew_and_what_is_none_is_refused() {
    for pair in pairs().await {
        let face = pair.served.face();
        let (item, key) = pair.some(14).await;
        let began = pair.text(item).await;
        let (empty, nonsense) = match face {
            Face::Cloud => (
                r#"{"type":"doc","version":1,"content":[]}"#,
                "{}".to_owned(),
            ),
            Face::DataCenter => ("", "a".repeat(32_768)),
        };
        assert_eq!(
            pair.write(item, &nonsense, &began).await,
            Err(ErrorCode::EditRefused)
        );
        pair.write(item, empty, &began).await.expect("it fits");
        pair.sync().await;
        assert_eq!(pair.there(&key, "description"), Value::Null);
        let began = pair.text(item).await;
        assert_eq!(began.source, empty);
        pair.write(item, &as_source(&description(face, "Anew")), &began)
            .await
            .expect("it fits");
        pair.sync().await;
        assert_eq!(pair.there(&key, "description"), description(face, "Anew"));
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}
