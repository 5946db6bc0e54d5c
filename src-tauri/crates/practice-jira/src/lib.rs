//! A simulated Jira site, with a Cloud and a Data Center face.
