//! The site as its users start it: the program `minitwit`, on free ports of loopback.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};

use crate::http_client::{Ask, fetch, get};
use crate::seed::{PASSWORD, READER};
use crate::server::{Server, free_addresses};

/// A running site.
pub struct Site {
    /// Where the pages are.
    pub web: SocketAddr,
    /// Where the simulator API is.
    pub api: SocketAddr,
    /// Where operations are: `/metrics`, `/healthz`, `/readyz`.
    pub ops: SocketAddr,
    /// The process.
    pub server: Server,
}

/// Where `minitwit` is built, beside this program.
pub fn program_beside_this() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("minitwit"))
}

impl Site {
    /// Starts `program serve` on a database, with further options, and waits until it is ready. Its log goes to `log`.
    pub async fn start(program: &Path, database_url: &str, options: &[&str], log: PathBuf) -> anyhow::Result<Self> {
        Self::begin(program, database_url, options, free_addresses()?, |command| Server::start(command, log)).await
    }

    /// Starts it once more where it was, after it was killed or has ended.
    pub async fn start_again(
        &mut self,
        program: &Path,
        database_url: &str,
        options: &[&str],
        log: PathBuf,
    ) -> anyhow::Result<()> {
        let addresses = [self.web, self.api, self.ops];
        *self = Self::begin(program, database_url, options, addresses, |command| Server::start(command, log)).await?;
        Ok(())
    }

    /// The same, with its log elsewhere; `complaints` is a file for its stderr.
    pub async fn start_printing(
        program: &Path,
        database_url: &str,
        options: &[&str],
        stdout: Stdio,
        complaints: PathBuf,
    ) -> anyhow::Result<Self> {
        let start = |command| Server::start_printing(command, stdout, complaints);
        Self::begin(program, database_url, options, free_addresses()?, start).await
    }

    async fn begin(
        program: &Path,
        database_url: &str,
        options: &[&str],
        [web, api, ops]: [SocketAddr; 3],
        start: impl FnOnce(Command) -> anyhow::Result<Server>,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--database-url", database_url, "--log-format", "json"]).args(options);
        for (option, address) in [("--web-listen", web), ("--api-listen", api), ("--ops-listen", ops)] {
            command.args([option, &address.to_string()]);
        }
        let mut server = start(command)?;
        server.wait_until(ops, "/readyz", StatusCode::OK).await.context("the site does not start")?;
        Ok(Self { web, api, ops, server })
    }

    /// A request for a page by somebody who is signed out.
    pub fn page(&self, path: &str) -> anyhow::Result<Ask> {
        get(self.web, path)
    }

    /// The reader, signed in, with the first page already seen: no flash is left to be shown.
    pub async fn sign_in(&self) -> anyhow::Result<Cookies> {
        let form = format!("username={READER}&password={}", PASSWORD.replace(' ', "+"));
        let ask = Request::post("/login")
            .header(header::HOST, self.web.to_string())
            .header(header::ORIGIN, format!("http://{}", self.web))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes().into())?;
        let answer = fetch(self.web, ask).await.context("cannot sign in")?;
        ensure!(answer.status().is_redirection(), "{READER} cannot sign in: POST /login answers {}", answer.status());
        let mut cookies = Cookies::default();
        cookies.keep(answer.headers());
        let home = fetch(self.web, cookies.page(self, "/")?).await?;
        ensure!(home.status() == StatusCode::OK, "{READER} is not signed in: GET / answers {}", home.status());
        cookies.keep(home.headers());
        Ok(cookies)
    }
}

/// What a browser would remember of the site.
#[derive(Clone, Default)]
pub struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// Does what the `Set-Cookie` headers of an answer say (RFC 6265): an empty value or `Max-Age=0` forgets the cookie.
    pub fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            let ends = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
            if value.is_empty() || ends {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// A request for a page of `site` with these cookies.
    pub fn page(&self, site: &Site, path: &str) -> anyhow::Result<Ask> {
        let mut ask = site.page(path)?;
        ask.headers_mut().insert(header::COOKIE, self.header()?);
        Ok(ask)
    }

    /// The `Cookie` header.
    pub fn header(&self) -> anyhow::Result<HeaderValue> {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Ok(pairs.join("; ").parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_kept_until_the_site_takes_it_back() {
        let mut cookies = Cookies::default();
        let mut answer = |values: &[&'static str]| {
            let header = |value: &&'static str| (header::SET_COOKIE, HeaderValue::from_static(value));
            cookies.keep(&values.iter().map(header).collect());
            cookies.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";")
        };
        assert_eq!(answer(&["session=a=b; Path=/; HttpOnly", "flash=x"]), "flash=x;session=a=b");
        assert_eq!(answer(&["flash=x; Path=/; Max-Age=0"]), "session=a=b");
        assert_eq!(answer(&["session=; Path=/"]), "");
    }
}
