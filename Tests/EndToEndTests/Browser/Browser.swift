import Foundation
import Jobs
import Testing

/// A window of the suite's ``Chromium`` and the person before it.
///
/// Whatever names an element, by a CSS selector, waits until there is one, in this page or in the next: that is how a test waits. The pages'
/// own scripts may be off; what a test evaluates runs all the same.
struct Browser: Sendable {
    private let chromium: Chromium
    private let window: String
    private let hasScript: Bool

    /// Opens a window without cookies on such a device for as long as `body` runs.
    static func on<Result>(_ device: Device = .desk, _ body: (Browser) async throws -> Result) async throws -> Result {
        let chromium = try Chromium.shared
        let browser = Browser(chromium: chromium, window: try await chromium.newWindow(), hasScript: device.hasScript)
        let result: Swift.Result<Result, any Error>
        do {
            try await browser.become(device)
            // Those of another port of this host are sent here too.
            try await browser.develop("Network.clearBrowserCookies", [:])
            let value = try await body(browser)
            for complaint in try await browser.complaints() { Issue.record("The console says: \(complaint)") }
            result = .success(value)
        } catch { result = .failure(error) }
        // In a task of its own, which goes on where the test's was cancelled because of its time limit.
        try? await Task { try await chromium.close(browser.window) }.value
        return try result.get()
    }

    private init(chromium: Chromium, window: String, hasScript: Bool) {
        self.chromium = chromium
        self.window = window
        self.hasScript = hasScript
    }

    @discardableResult
    private func command(_ method: String, _ path: String, _ parameters: [String: JSONValue]? = nil) async throws -> JSONValue {
        try await chromium.command(method, path, parameters, in: window)
    }

    @discardableResult
    private func develop(_ name: String, _ parameters: JSONValue) async throws -> JSONValue {
        try await command("POST", "/goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    /// Changes what the person sits before; the page stays.
    func become(_ device: Device) async throws {
        let userAgent = try await evaluate("return navigator.userAgent").text ?? ""
        for (name, parameters) in device.commands(userAgent: userAgent) { try await develop(name, parameters) }
    }

    // MARK: Where it is

    func open(_ url: String) async throws { try await command("POST", "/url", ["url": .string(url)]) }
    func reload() async throws { try await command("POST", "/refresh", [:]) }
    func back() async throws { try await command("POST", "/back", [:]) }

    /// Goes into a frame, for all that follows but ``url``.
    func enter(frame selector: String) async throws {
        let key = "element-6066-11e4-a52e-4f735466cecf"
        let id = try await element(selector).split(separator: "/").last.map(String.init) ?? ""
        try await command("POST", "/frame", ["id": .object([key: .string(id)])])
    }

    var url: String {
        get async throws { try await command("GET", "/url").text ?? "" }
    }

    /// Puts the window away, so that its page is hidden, or back to the front.
    func hide() async throws { try await command("POST", "/window/minimize", [:]) }
    func show() async throws { try await command("POST", "/window/rect", ["width": 1280, "height": 900]) }

    /// Takes the network away from this window, or gives it back.
    func setOffline(_ isOffline: Bool) async throws {
        try await command(
            "POST", "/chromium/network_conditions",
            ["network_conditions": ["offline": .bool(isOffline), "latency": 0, "throughput": isOffline ? 0 : 1_000_000_000]])
    }

    // MARK: What is there

    /// The text of an element as it is seen.
    func text(_ selector: String) async throws -> String {
        try await command("GET", "\(element(selector))/text").text ?? ""
    }

    /// A property of an element: what is typed, what is checked.
    func property(_ name: String, of selector: String) async throws -> JSONValue {
        try await command("GET", "\(element(selector))/property/\(name)")
    }

    /// Returns once there is such an element.
    func wait(for selector: String) async throws {
        _ = try await element(selector)
    }

    /// Lets promises and timers work in this page for as long as `body` runs; the page's own scripts, where they are off, were never read.
    func withScripts<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await develop("Emulation.setScriptExecutionDisabled", ["value": false])
        let result = try await body()
        try await develop("Emulation.setScriptExecutionDisabled", ["value": .bool(!hasScript)])
        return result
    }

    /// How many there are at this moment.
    func count(_ selector: String) async throws -> Int {
        Int(try await evaluate("return document.querySelectorAll(arguments[0]).length", .string(selector)).number ?? 0)
    }

    /// What has the focus: its ID, or else its text.
    func focus() async throws -> String {
        try await evaluate("const element = document.activeElement; return element.id || element.textContent.trim()").text ?? ""
    }

    /// What the body of a function returns in the page; a promise is waited for.
    @discardableResult
    func evaluate(_ script: String, _ arguments: JSONValue...) async throws -> JSONValue {
        try await command("POST", "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// Keeps the whole page as `DIR/NAME.png` where the environment has `KREA_FCGI_SCREENSHOTS=DIR`. The pictures of the README come from
    /// `KREA_FCGI_SCREENSHOTS=DIR swift test --filter FormInBrowser`: the desk's result, the phone's form and the Chinese form.
    func keepPicture(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["KREA_FCGI_SCREENSHOTS"] else { return }
        let size = try await evaluate("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]").elements ?? []
        let clip: JSONValue = ["x": 0, "y": 0, "width": size.first ?? 0, "height": size.last ?? 0, "scale": 1]
        let answer = try await develop("Page.captureScreenshot", ["captureBeyondViewport": true, "clip": clip])
        try Data(base64Encoded: answer["data"]?.text ?? "")?.write(to: URL(filePath: folder).appending(path: "\(name).png"))
    }

    // MARK: What the person does

    func click(_ selector: String) async throws {
        try await command("POST", "\(element(selector))/click", [:])
    }

    /// Types into a field, after what is there.
    func type(_ text: String, into selector: String) async throws {
        try await command("POST", "\(element(selector))/value", ["text": .string(text)])
    }

    /// Empties a field.
    func clear(_ selector: String) async throws {
        try await command("POST", "\(element(selector))/clear", [:])
    }

    /// Presses keys one after the other, wherever the focus is.
    func press(_ keys: Key...) async throws {
        let strokes = keys.flatMap { key -> [JSONValue] in
            ["keyDown", "keyUp"].map { ["type": .string($0), "value": .string(key.rawValue)] }
        }
        try await command("POST", "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": .array(strokes)]]])
    }

    /// Presses the mouse twice, the second time a moment after what the first time began.
    func clickTwice(_ selector: String) async throws {
        let target = try await command("POST", "/element", ["using": "css selector", "value": .string(selector)])
        let press: [JSONValue] = [["type": "pointerDown", "button": 0], ["type": "pointerUp", "button": 0]]
        let move: JSONValue = ["type": "pointerMove", "x": 0, "y": 0, "origin": target]
        let actions = [move] + press + [["type": "pause", "duration": 200]] + press
        try await command("POST", "/actions", ["actions": [["type": "pointer", "id": "mouse", "actions": .array(actions)]]])
    }

    /// The address of an element for WebDriver, once it is there.
    private func element(_ selector: String) async throws -> String {
        let found = try await command("POST", "/element", ["using": "css selector", "value": .string(selector)])
        return "/element/\(found.members?.values.first?.text ?? "")"
    }

    // MARK: What the browser noted

    /// The requests that this window sent since it was opened or asked before, as `POST http://…`, those that came to nothing too.
    func requests() async throws -> [String] {
        try await log("performance").compactMap { entry in
            guard let message = entry["message"]?.text else { return nil }
            let event = try JSONDecoder().decode(JSONValue.self, from: Data(message.utf8))
            guard event["webview"]?.text == window, event["message"]?["method"] == "Network.requestWillBeSent" else { return nil }
            let request = event["message"]?["params"]?["request"]
            return "\(request?["method"]?.text ?? "") \(request?["url"]?.text ?? "")"
        }
    }

    /// What stands in the console since the last time: errors of scripts, what a policy forbade, missing files of ours. That a page has the
    /// status of an error, or could not be had, is none.
    func complaints() async throws -> [String] {
        try await log("browser").compactMap { entry in
            let message = entry["message"]?.text
            // A new window begins with a page of the browser's own, which finds the network slow on a busy machine.
            if message?.hasPrefix("chrome://") == true { return nil }
            return entry["source"] == "network" && message?.contains("/static/") != true ? nil : message
        }
    }

    private func log(_ type: String) async throws -> [JSONValue] {
        try await command("POST", "/se/log", ["type": .string(type)]).elements ?? []
    }
}

/// A key that writes nothing: https://www.w3.org/TR/webdriver2/#keyboard-actions
enum Key: String {
    case tab = "\u{E004}"
    case enter = "\u{E007}"
    case space = " "
    case down = "\u{E015}"
}
