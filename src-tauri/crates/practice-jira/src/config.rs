//! What a site is made of: face, size, seed and age.

use std::fmt;
use std::str::FromStr;

/// Which of the two products the site plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Jira Cloud: REST v3 (and v2), account ids, token paging.
    Cloud,
    /// Jira Server or Data Center: REST v2, user names and keys, offset paging.
    DataCenter,
}

impl FromStr for Face {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cloud" => Ok(Face::Cloud),
            "data-center" | "dc" | "server" => Ok(Face::DataCenter),
            other => Err(format!("unknown face `{other}`; use cloud or data-center")),
        }
    }
}

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Face::Cloud => "cloud",
            Face::DataCenter => "data-center",
        })
    }
}

/// The release that a Data Center site claims to be. What exists and how it behaves follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DcVersion {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number.
    pub patch: u32,
}

impl DcVersion {
    /// A release by its numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        DcVersion {
            major,
            minor,
            patch,
        }
    }

    /// 8.20: the last Server-era line still met; old create metadata exists beside the new.
    pub const V8_20: Self = Self::new(8, 20, 30);
    /// 9.12: old create metadata is gone, webhooks still in `/rest/webhooks/1.0`.
    pub const V9_12: Self = Self::new(9, 12, 22);
    /// 10.3: long-term support; webhooks moved to `/rest/jira-webhook/1.0`.
    pub const V10_3: Self = Self::new(10, 3, 24);
    /// 11.3: long-term support; Basic is off by default, search limits can be read.
    pub const V11_3: Self = Self::new(11, 3, 2);

    /// Whether the release is this line or later.
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }

    /// The build number as `serverInfo` tells it.
    pub fn build_number(self) -> u64 {
        u64::from(self.major) * 100_000 + u64::from(self.minor) * 1_000 + u64::from(self.patch)
    }
}

impl fmt::Display for DcVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for DcVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a version such as 10.3 or 9.12.4");
        let mut numbers = [0_u32; 3];
        let parts: Vec<&str> = text.split('.').collect();
        if !(2..=3).contains(&parts.len()) {
            return Err(wrong());
        }
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            *slot = part.parse().map_err(|_| wrong())?;
        }
        let version = DcVersion::new(numbers[0], numbers[1], numbers[2]);
        let presets = [Self::V8_20, Self::V9_12, Self::V10_3, Self::V11_3];
        let preset = presets
            .into_iter()
            .find(|p| parts.len() == 2 && p.major == version.major && p.minor == version.minor);
        Ok(preset.unwrap_or(version))
    }
}

/// Everything that decides what a [`Site`](crate::Site) holds. The same configuration gives the same bytes.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// Cloud or Data Center.
    pub face: Face,
    /// How many issues the site is born with.
    pub issues: usize,
    /// What all invented data derives from.
    pub seed: u64,
    /// The release of a Data Center site; without meaning on Cloud.
    pub dc_version: DcVersion,
    /// The path in front of every address of a Data Center site, such as `/jira`; empty for none.
    pub context_path: String,
    /// Further projects without issues, for pickers and paging.
    pub empty_projects: usize,
    /// Where links point, without the context path, such as `https://orbital.example`. `None` follows the request's `Host` header.
    pub base_url: Option<String>,
}

impl SiteConfig {
    /// A Cloud site of this many issues.
    pub fn cloud(issues: usize, seed: u64) -> Self {
        SiteConfig {
            face: Face::Cloud,
            issues,
            seed,
            dc_version: DcVersion::V10_3,
            context_path: String::new(),
            empty_projects: 0,
            base_url: None,
        }
    }

    /// A Data Center 10.3 site of this many issues, at the root of its host.
    pub fn data_center(issues: usize, seed: u64) -> Self {
        SiteConfig {
            face: Face::DataCenter,
            ..Self::cloud(issues, seed)
        }
    }

    /// The same site at another release.
    pub fn version(mut self, version: DcVersion) -> Self {
        self.dc_version = version;
        self
    }

    /// The same site under a context path such as `/jira`; slashes at either end do not matter.
    pub fn context_path(mut self, path: &str) -> Self {
        let trimmed = path.trim_matches('/');
        self.context_path = if trimmed.is_empty() {
            String::new()
        } else {
            format!("/{trimmed}")
        };
        self
    }

    /// The same site with this many further, empty projects.
    pub fn empty_projects(mut self, count: usize) -> Self {
        self.empty_projects = count;
        self
    }
}
