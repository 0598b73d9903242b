import Foundation
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// A person before the page of a job that is on its way, which a script keeps up to date.
    @Suite struct JobInBrowser {
        /// Waits until the script has asked for the events of a job.
        private static func waitUntilWatched(_ id: String, by browser: Browser) async throws {
            while try await !browser.requests().contains(where: { $0.hasSuffix("/api/jobs/\(id)/events") }) {
                try Task.checkCancellation()
            }
        }

        @Test func `who reloads the page or opens it a second time sees the same job come to its end`() async throws {
            let stack = try await Stack(simulator: ["--run-seconds", "1.5"])
            try await Browser.on { first in
                try await Browser.on(.darkPhone) { second in
                    let id = try await stack.send("a lighthouse")
                    for tab in [first, second] {
                        try await tab.open("\(stack.base)/jobs/\(id)")
                        try await tab.wait(for: "progress")
                    }
                    try await first.reload()
                    for tab in [first, second] {
                        try await tab.wait(for: ".pictures img")
                        #expect(try await tab.url == "\(stack.base)/jobs/\(id)")
                    }
                }
            }
            #expect(try stack.kreaCalls().count(where: \.isSubmission) == 1)
        }

        @Test func `a link puts no job among the reader's own, not even after a form was sent`() async throws {
            let stack = try await Stack()
            try await Browser.on { browser in
                let foreign = try await stack.send("somebody else's")
                let links = ["#new", "#new=", "#new=null", "#new=undefined", "#new=00000000-0000-4000-8000-000000000000"]
                for link in links {
                    try await browser.open("\(stack.base)/jobs/\(foreign)\(link)")
                    try await browser.wait(for: "#job")
                    try await browser.open("\(stack.base)/")
                    try await browser.wait(for: "#prompt")
                    #expect(try await browser.evaluate("return localStorage.length") == 0, "\(link)")
                }
                try await browser.type("my own", into: "#prompt")
                // The form is on its way when the reader follows the link.
                try await browser.evaluate("document.querySelector('#make').requestSubmit(); window.stop()")
                for link in links {
                    try await browser.open("\(stack.base)/jobs/\(foreign)\(link)")
                    try await browser.wait(for: "#job")
                    #expect(try await browser.evaluate("return localStorage.length") == 0, "\(link)")
                }
                try await browser.open("\(stack.base)/")
                try await browser.type("my own", into: "#prompt")
                try await browser.click("#make [type=submit]")
                try await browser.wait(for: "#job")
                let own = try await browser.url
                #expect(own.firstMatch(of: /\/jobs\/[0-9a-f-]{36}$/) != nil, "\(own)")
                let kept = try await browser.evaluate("return Object.values(localStorage)").elements?.first?.text
                #expect(kept == "[\"\(own.suffix(36))\"]")
            }
        }

        @Test func `nothing moves when the picture comes, and the times are those of the reader's zone`() async throws {
            let stack = try await Stack(simulator: ["--run-seconds", "1.5"])
            try await Browser.on(Device(timeZone: "Asia/Shanghai")) { browser in
                try await browser.open("\(stack.base)/")
                let id = try await stack.send("a lighthouse", ["aspect_ratio": "16:9"])
                try await browser.open("\(stack.base)/jobs/\(id)")
                let times = try await browser.evaluate(
                    "return [...document.querySelectorAll('time')].map(time => [time.dateTime.slice(11, 19), time.textContent])")
                for time in times.elements ?? [] { #expect(try Self.isEightHoursLater(time), "\(time)") }
                #expect(times.elements?.isEmpty == false)
                try await browser.evaluate(
                    """
                    globalThis.shifts = []
                    const note = list => shifts.push(...list.getEntries().map(entry => entry.value))
                    new PerformanceObserver(note).observe({type: "layout-shift", buffered: true})
                    """)
                try await browser.wait(for: ".pictures img")
                // Two frames on, everything is drawn.
                let shifts = try await browser.evaluate(
                    """
                    return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(shifts))))
                    """)
                #expect(shifts == [], "\(shifts)")
            }
        }

        /// Whether the second of two times of day, `14:03:20` and `10:03:20 PM`, is what the clocks of Shanghai show at the first.
        private static func isEightHoursLater(_ pair: JSONValue) throws -> Bool {
            let (written, shown) = (pair.elements?.first?.text ?? "", pair.elements?.last?.text ?? "")
            let hour = try #require(Int(written.prefix(2))) + 8
            let isAfternoon = hour % 24 >= 12
            let expected = "\((hour + 11) % 12 + 1)\(written.dropFirst(2)) \(isAfternoon ? "PM" : "AM")"
            return shown.replacing("\u{202F}", with: " ") == expected
        }

        @Test func `a hidden page asks for nothing, and at once when it is seen again`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "100000"])
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                let id = try await stack.send("a lighthouse [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await Self.waitUntilWatched(id, by: browser)
                try await browser.hide()
                // What was on its way comes to its end.
                while try await !browser.requests().isEmpty { try Task.checkCancellation() }
                _ = try await HTTPTestClient.request("DELETE", "\(stack.base)/api/jobs/\(id)")
                _ = try await stack.finished(id)
                #expect(try await browser.requests() == [])
                try await browser.show()
                try await browser.wait(for: "#job .problem")
                #expect(try await browser.requests().first == "GET \(stack.base)/api/jobs/\(id)/events")
            }
        }

        @Test func `a page that lost the network goes on when it is back`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "100000"])
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                let id = try await stack.send("a lighthouse [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await Self.waitUntilWatched(id, by: browser)
                try await browser.setOffline(true)
                _ = try await HTTPTestClient.request("DELETE", "\(stack.base)/api/jobs/\(id)")
                _ = try await stack.finished(id)
                #expect(try await browser.count("#job .problem") == 0)
                try await browser.setOffline(false)
                try await browser.wait(for: "#job .problem")
            }
        }

        @Test func `each change is an event of one answer, and the page is asked for as often as it changes`() async throws {
            let stack = try await Stack(simulator: ["--run-seconds", "1.5"])
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                let id = try await stack.send("a lighthouse")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.wait(for: ".pictures img")
                let requests = try await browser.requests().filter { $0.contains("jobs/\(id)") }
                #expect(requests.count { $0.hasSuffix("/events") } == 1, "\(requests)")
                #expect(!requests.contains { $0.hasSuffix("/api/jobs/\(id)") }, "\(requests)")
            }
        }

        @Test func `where no events come through the JSON is asked for`() async throws {
            let mark = "    # Style sheet, scripts and icon need no service."
            let stack = try await Stack(
                simulator: ["--run-seconds", "1.5"], edits: [mark: "    location ~ /events$ { return 404; }\n\(mark)"])
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                let id = try await stack.send("a lighthouse")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.wait(for: ".pictures img")
                #expect(try await browser.requests().contains("GET \(stack.base)/api/jobs/\(id)"))
            }
        }

        @Test func `the form shows the last pictures, lets one be made again, and forgets them`() async throws {
            let stack = try await Stack()
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                try await browser.type("a lighthouse", into: "#prompt")
                try await browser.click("#make [type=submit]")
                try await browser.wait(for: ".pictures img")
                try await browser.open("\(stack.base)/")
                try await browser.wait(for: "#mine:not([hidden]) .thumb img")
                try await Axe.check(browser)
                try await browser.click("#mine .ways a[href*='again=']")
                try await browser.wait(for: "#mine:not([hidden]) .thumb")
                #expect(try await browser.property("value", of: "#prompt").text == "a lighthouse")
                try await browser.click("#forget")
                try await browser.wait(for: "#mine[hidden]")
                try await browser.open("\(stack.base)/")
                try await browser.wait(for: "#mine[hidden]")
            }
        }
    }
}
