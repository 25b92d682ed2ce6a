//! A running server, and a caller.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Response};

use crate::program;

const START_WITHIN: Duration = Duration::from_mins(2);
const READY_WITHIN: Duration = Duration::from_mins(1);

/// The API's place on a server.
pub(crate) const API: &str = "/enhetsregisteret/api";

/// A server of the real binary on a free port. Dropping it kills it, as `kill -9` does.
pub(crate) struct Server {
    child: Child,
    /// Where it answers, such as `http://127.0.0.1:40123`.
    pub(crate) base: String,
    agent: Agent,
    log: Arc<Mutex<String>>,
}

/// An answer.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, as it came.
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Starts `serve` on a data directory and waits until it is ready.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_command(data, "serve", arguments)
    }

    /// Starts `serve` or `demo` and waits until it is ready: the store is open and search has caught up.
    pub(crate) fn start_command(data: &Path, name: &str, arguments: &[&str]) -> Self {
        let mut command = program::command(data);
        command.arg(name).args(["--listen", "127.0.0.1:0"]);
        // A night's work must not come into tests that run at night.
        command.args(["--set", "folkeregisteret.inaktivering_kl="]).args(arguments);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let log = Arc::new(Mutex::new(String::new()));
        let base = Self::address(&mut child, &log);
        // Reading as sent: tests look at encodings themselves.
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept_encoding("identity")
            .timeout_global(Some(Duration::from_mins(1)))
            .build()
            .new_agent();
        let server = Self { child, base, agent, log };
        server.wait_until_ready();
        server
    }

    fn address(child: &mut Child, log: &Arc<Mutex<String>>) -> String {
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let (found, address) = mpsc::channel();
        let kept = Arc::clone(log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(at) = line.find("listening on http") {
                    let _ = found.send(line[at + "listening on ".len()..].trim().to_owned());
                }
                let mut kept = kept.lock().expect("no panic while logging");
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        address.recv_timeout(START_WITHIN).unwrap_or_else(|_| {
            let _ = child.kill();
            panic!("the server did not start:\n{}", log.lock().expect("no panic while logging"))
        })
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while self.get("/drift/klar").status != 200 {
            assert!(begun.elapsed() < READY_WITHIN, "the server is not ready:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it has said on standard error so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("no panic while logging").clone()
    }

    /// The log, once something stands in it.
    pub(crate) fn log_with(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let log = self.log();
            if log.contains(text) {
                return log;
            }
            assert!(begun.elapsed() < READY_WITHIN, "{text} does not come:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The operating system's number of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// GET of a path from the root.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// GET with headers.
    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.call().unwrap_or_else(|error| panic!("GET {path}: {error}\n{}", self.log())))
    }

    /// Any request, with a body if there is one.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let start = http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        let request = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body.to_vec()).expect("a request"))
        };
        Answer::of(answer.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.log())))
    }

    /// HEAD of a path from the root.
    pub(crate) fn head(&self, path: &str) -> Answer {
        let answer = self.agent.head(format!("{}{path}", self.base)).call();
        Answer::of(answer.unwrap_or_else(|error| panic!("HEAD {path}: {error}\n{}", self.log())))
    }

    /// GET of a path within the API, as JSON, having checked that it answered 200.
    pub(crate) fn api(&self, path: &str) -> Value {
        let answer = self.get(&format!("{API}{path}"));
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Asks it to stop as an operator does, and waits; answers its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.ask_to_stop();
        self.child.wait().expect("it ends").code()
    }

    /// Asks it to stop, and does not wait.
    pub(crate) fn ask_to_stop(&self) {
        let pid = self.pid().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
    }

    /// Waits for it to end by itself; answers its exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn of(mut response: Response<ureq::Body>) -> Self {
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().expect("a whole body");
        Self { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON: {error}\n{}", self.text()))
    }

    /// One header's value; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
