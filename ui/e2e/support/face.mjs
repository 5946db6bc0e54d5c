// What the two kinds of Jira are called, and how one signs in to them.
export const FACES = {
  cloud: {
    face: "cloud",
    kind: /^Jira Cloud, “Orbital Jira”$/,
    secret: "API token",
    right: (site) => site.token,
    login: (site) => ["E-mail address of the token's owner", site.email],
    /** The requests that fetch the issues themselves. */
    fetches: (url) => url.includes("/issue/bulkfetch"),
  },
  "data-center": {
    face: "data-center",
    kind: /^Jira Data Center 10\.3/,
    secret: "Personal access token",
    right: (site) => site.pat,
    login: () => undefined,
    fetches: (url, body) => /\/search$/.test(url) && JSON.parse(body).maxResults > 0,
  },
};
