import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// The form, and what comes of it.
    @Suite struct FormInBrowser {
        private static let button = "#make [type=submit]"

        @Test(arguments: [Device.desk, .scriptless, .darkPhone, .chinese])
        func `a prompt typed into the form becomes a page with its picture`(device: Device) async throws {
            let stack = try await Stack()
            try await Browser.on(device) { browser in
                try await browser.open("\(stack.base)/")
                try await browser.type("a lighthouse", into: "#prompt")
                try await browser.keepPicture("form-\(device)")
                try await browser.click(Self.button)
                try await browser.wait(for: ".pictures img")
                #expect(try await browser.text(".result").contains("Nano Banana 2"))
                #expect(try await browser.text(".asked") == "a lighthouse")
                // The policy of the page lets it come, from the host of the pictures.
                let width = try await browser.withScripts {
                    try await browser.evaluate(
                        "const image = document.querySelector('.pictures img'); return image.decode().then(() => image.naturalWidth)")
                }
                #expect(width.number.map { $0 > 0 } == true)
                try await browser.keepPicture("result-\(device)")
                let requests = try await browser.requests()
                #expect(requests.filter { $0.hasPrefix("POST ") } == ["POST \(stack.base)/"])
                let foreign = requests.filter { !$0.contains(" \(stack.base)/") && !$0.contains(" \(stack.krea)/images/") }
                #expect(foreign.isEmpty)
            }
        }

        @Test(arguments: [Device.desk, .scriptless])
        func `wrong input comes back at its field with all that was typed, and can be mended there`(device: Device) async throws {
            let stack = try await Stack()
            try await Browser.on(device) { browser in
                let prompt = "a \"quoted\" <b>lighthouse</b> & more"
                try await browser.open("\(stack.base)/")
                try await browser.type(prompt, into: "#prompt")
                try await browser.click("summary")
                try await browser.type("5000", into: "#width")
                try await browser.type("wide", into: "#aspect_ratio")
                try await browser.click(Self.button)
                try await browser.wait(for: "#width[aria-invalid]")
                #expect(try await browser.focus() == "width")
                #expect(try await browser.property("value", of: "#prompt").text == prompt)
                #expect(try await browser.property("value", of: "#width").text == "5000")
                #expect(try await browser.text("#width-problem") == "width 5000 must be a whole number from 512 to 2368.")
                #expect(try await !browser.text("#aspect_ratio-problem").isEmpty)
                try await Axe.check(browser)

                try await browser.click("#problems a[href='#aspect_ratio']")
                #expect(try await browser.focus() == "aspect_ratio")
                try await browser.clear("#width")
                try await browser.clear("#aspect_ratio")
                try await browser.click(Self.button)
                try await browser.wait(for: "#job")
                #expect(try await browser.text(".asked") == prompt)
            }
        }

        @Test(arguments: [Device.desk, .scriptless])
        func `who clicks twice gets one job`(device: Device) async throws {
            let stack = try await Stack()
            try await Browser.on(device) { browser in
                try await browser.open("\(stack.base)/")
                try await browser.type("a lighthouse", into: "#prompt")
                try await browser.evaluate(
                    """
                    let clicks = 0
                    document.querySelector(arguments[0]).onclick = () => { if (++clicks == 2) fetch("static/icon.svg?twice") }
                    """, .string(Self.button))
                // The service answers only after the second click: a script tells of it, else nginx does, since the browser leaves the first
                // answer alone, which is a 499.
                stack.service.signal(SIGSTOP)
                async let clicks: Void = browser.clickTwice(Self.button)
                while try !stack.accessLog().contains(device.hasScript ? "?twice" : "\" 499 ") {
                    try Task.checkCancellation()
                    await Task.yield()
                }
                stack.service.signal(SIGCONT)
                try await clicks
                try await browser.wait(for: "#job")
                #expect(try await stack.jobs() == 1)
            }
        }

        @Test(arguments: [Device.desk, .scriptless])
        func `who goes back after sending finds what was typed, and sending it again brings the same job`(device: Device) async throws {
            let stack = try await Stack()
            try await Browser.on(device) { browser in
                try await browser.open("\(stack.base)/")
                try await browser.type("a lighthouse", into: "#prompt")
                try await browser.click(Self.button)
                try await browser.wait(for: "#job")
                let page = try await browser.url
                try await browser.back()
                // The script has run again when it has counted what is there.
                if device.hasScript { try await browser.wait(for: "#prompt-count:not([hidden])") }
                #expect(try await browser.property("value", of: "#prompt").text == "a lighthouse")
                try await browser.click(Self.button)
                try await browser.wait(for: "#job")
                #expect(try await browser.url == page)
                #expect(try await stack.jobs() == 1)

                try await browser.back()
                if device.hasScript { try await browser.wait(for: "#prompt-count:not([hidden])") }
                try await browser.type(" at dusk", into: "#prompt")
                try await browser.click(Self.button)
                try await browser.wait(for: "#job")
                #expect(try await browser.text(".asked") == "a lighthouse at dusk")
                #expect(try await stack.jobs() == 2)
            }
        }

        @Test func `who stops the browser after a click and changes the form can send it`() async throws {
            let stack = try await Stack()
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                try await browser.type("a lighthouse", into: "#prompt")
                // The very moment at which a person would press Escape.
                try await browser.evaluate("document.querySelector('#make').requestSubmit(); window.stop()")
                #expect(try await browser.property("ariaDisabled", of: Self.button).text == "true")
                try await browser.type(" at dusk", into: "#prompt")
                #expect(try await browser.property("ariaDisabled", of: Self.button) == .null)
                try await browser.click(Self.button)
                try await browser.wait(for: "#job")
                #expect(try await browser.text(".asked") == "a lighthouse at dusk")
            }
        }

        @Test func `the counter of the prompt counts as the service does`() async throws {
            let stack = try await Stack()
            let id = try await stack.send("👨‍👩‍👧‍👦 e\u{301}")
            try await Browser.on(.desk) { browser in
                try await browser.open("\(stack.base)/?again=\(id)")
                try await browser.wait(for: "#prompt-count:not([hidden])")
                // 11 UTF-16 code units, a space, and a letter with its accent.
                #expect(try await browser.text("#prompt-count") == "14 of 10,000 characters")
            }
        }

        @Test func `two tabs are two jobs, and each shows its own`() async throws {
            let stack = try await Stack()
            try await Browser.on { first in
                try await Browser.on(.phone) { second in
                    let tabs = [(first, "a lighthouse"), (second, "a mill")]
                    for (tab, _) in tabs { try await tab.open("\(stack.base)/") }
                    for (tab, prompt) in tabs { try await tab.type(prompt, into: "#prompt") }
                    for (tab, _) in tabs { try await tab.click(Self.button) }
                    for (tab, prompt) in tabs {
                        try await tab.wait(for: "#job")
                        #expect(try await tab.text(".asked") == prompt)
                    }
                }
            }
            #expect(try await stack.jobs() == 2)
        }
    }
}

extension Stack {
    /// What nginx has noted of its answers.
    fileprivate func accessLog() throws -> String {
        try String(contentsOfFile: folder.file("access.log"), encoding: .utf8)
    }

    /// How many jobs there are.
    fileprivate func jobs() async throws -> Int {
        try await HTTPTestClient.get("\(base)/api/jobs").json["items"]?.elements?.count ?? 0
    }
}
