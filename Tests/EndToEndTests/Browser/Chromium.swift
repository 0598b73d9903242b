import Foundation
import Jobs
import TestSupport
import Testing

/// A headless Chromium without a past, for all tests of a suite: one session of WebDriver, in which each ``Browser`` is a window.
actor Chromium {
    private let folder: TemporaryFolder
    private let driver: WebDriver
    private let session: String
    /// Is there as long as the browser, and used by nobody.
    private let firstWindow: String
    /// The window that commands go to.
    private var current: String

    /// How long a command waits for an element that is not there yet, or a script for its end.
    static let patience = 20_000.0

    /// - Parameter waits: Whether each command waits until the page before it has come as a whole.
    init(waits: Bool) async throws {
        folder = try TemporaryFolder()
        driver = try await WebDriver(home: folder.path)
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir=\(folder.file("profile"))",
            // Over a pipe: it ends with the driver.
            "--remote-debugging-pipe",
            // Nothing of its own accord, and no other host exists.
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        let options: JSONValue = [
            "binary": "/usr/bin/chromium", "args": .array(arguments.map(JSONValue.string)), "perfLoggingPrefs": ["enablePage": false],
        ]
        let wanted: JSONValue = [
            "browserName": "chrome", "pageLoadStrategy": waits ? "normal" : "none",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": ["performance": "ALL", "browser": "ALL"],
            "timeouts": ["implicit": .number(Self.patience), "script": .number(Self.patience)],
        ]
        let made = try await driver.command("POST", "/session", ["capabilities": ["alwaysMatch": wanted]])
        session = "/session/" + (made["sessionId"]?.text ?? "")
        firstWindow = try await driver.command("GET", "\(session)/window").text ?? ""
        current = firstWindow
    }

    /// Opens an empty window and brings it to the front.
    func newWindow() async throws -> String {
        let made = try await command("POST", "/window/new", ["type": "window"], in: firstWindow)
        return made["handle"]?.text ?? ""
    }

    func close(_ window: String) async throws {
        defer { current = "" }
        try await command("DELETE", "/window", in: window)
    }

    /// Carries out a command of the session for one of its windows.
    @discardableResult
    func command(_ method: String, _ path: String, _ parameters: [String: JSONValue]? = nil, in window: String) async throws -> JSONValue {
        if window != current {
            try await driver.command("POST", "\(session)/window", ["handle": .string(window)])
            current = window
        }
        return try await driver.command(method, session + path, parameters)
    }

    /// Ends the browser and its driver; nothing of either is left behind.
    func end() async {
        _ = try? await driver.command("DELETE", session)
        await driver.end()
    }
}

/// Gives the tests of a suite one Chromium, which ends with the suite. They have to be serialized.
struct ChromiumTrait: SuiteTrait, TestScoping {
    @TaskLocal fileprivate static var chromium: Chromium?

    /// Whether each command waits until the page before it has come as a whole.
    let waits: Bool

    func provideScope(for test: Test, testCase: Test.Case?, performing tests: @concurrent @Sendable () async throws -> Void) async throws {
        let chromium = try await Chromium(waits: waits)
        let result: Result<Void, any Error>
        do { result = .success(try await Self.$chromium.withValue(chromium) { try await tests() }) } catch { result = .failure(error) }
        await chromium.end()
        try result.get()
    }
}

extension Trait where Self == ChromiumTrait {
    static var chromium: Self { Self(waits: true) }
    /// For pages that come bit by bit: a test has to wait for what it looks at.
    static var impatientChromium: Self { Self(waits: false) }
}

extension Chromium {
    /// That of the suite.
    static var shared: Chromium {
        get throws { try #require(ChromiumTrait.chromium, "The suite lacks the trait .chromium.") }
    }
}
