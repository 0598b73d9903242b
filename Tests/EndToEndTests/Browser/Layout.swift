import Foundation
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// Every kind of page on every kind of screen.
    @Suite struct Layout {
        /// A word that no line can hold.
        private static let prompt = "a lighthouse " + String(repeating: "unbreakable", count: 40)

        @Test(arguments: [Device.desk, .chinese])
        func `a page that stands still fits every screen, and axe-core finds nothing in light or dark`(reader: Device) async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "15"])
            let done = try await stack.send(Self.prompt, ["model": "flux", "width": 640, "height": 512, "batch_size": 2])
            let failed = try await stack.send("\(Self.prompt) [[failed]]")
            let late = try await stack.send("\(Self.prompt) [[stuck]]")
            for id in [done, failed, late] { _ = try await stack.finished(id) }
            try await Browser.on(reader) { browser in
                for path in ["", "jobs/\(done)", "jobs/\(failed)", "jobs/\(late)", "nothing"] {
                    try await browser.open("\(stack.base)/\(path)")
                    try await Self.check(browser, path, reader)
                }
            }
        }

        @Test func `a page of a job on its way fits every screen, and axe-core finds nothing in light or dark`() async throws {
            // No poll comes while the test looks, and no page is read again.
            let stack = try await Stack(
                environment: ["KREA_FCGI_POLL_INTERVAL_SECONDS": "60", "KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS": "60"])
            try await Browser.on { browser in
                let running = try await stack.send("\(Self.prompt) [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(running)")
                try await Self.check(browser, "running", .desk)
                let held = try await stack.send("\(Self.prompt) [[429:9]]")
                try await browser.open("\(stack.base)/jobs/\(held)")
                try await browser.wait(for: ".problem")
                try await Self.check(browser, "held", .desk)
            }
        }

        private static func check(_ browser: Browser, _ page: String, _ reader: Device) async throws {
            for (width, isPhone) in [(1280, false), (390, true), (320, true)] {
                for isDark in [false, true] {
                    var device = reader
                    (device.width, device.isPhone, device.isDark) = (width, isPhone, isDark)
                    try await browser.become(device)
                    // With text twice as large too; a script can set that whatever the policy of the page is.
                    for size in width < 390 ? ["100%"] : ["100%", "200%"] {
                        let needed = try await browser.evaluate(
                            """
                            document.documentElement.style.fontSize = arguments[0]
                            return document.documentElement.scrollWidth
                            """, .string(size))
                        #expect(needed.number.map { Int($0) <= width } == true, "\(page) on \(device) at \(size)")
                    }
                    try await browser.evaluate("document.documentElement.style.fontSize = ''")
                    if width != 320 { try await Axe.check(browser, "\(page) on \(device)") }
                }
            }
        }

        @Test func `on paper a page is dark on white without buttons, whatever the screen is`() async throws {
            let stack = try await Stack()
            let id = try await stack.send("a lighthouse [[stuck]]")
            try await Browser.on(Device(isDark: true, medium: "print")) { browser in
                for path in ["", "jobs/\(id)"] {
                    try await browser.open("\(stack.base)/\(path)")
                    let colours = try await browser.evaluate(
                        """
                        const [body, main] = ["body", "main"].map(name => getComputedStyle(document.querySelector(name)))
                        return [body.backgroundColor, main.backgroundColor, main.color]
                        """)
                    #expect(colours == ["rgba(0, 0, 0, 0)", "rgb(255, 255, 255)", "rgb(0, 0, 0)"], "\(path)")
                    let isSeen = "[...document.querySelectorAll('button')].some(button => button.checkVisibility())"
                    #expect(try await browser.evaluate("return \(isSeen)") == false, "\(path)")
                    try await Axe.check(browser, "\(path)")
                }
            }
        }

        @Test func `the form with its style sheet and script comes in less than 30 KB`() async throws {
            let stack = try await Stack()
            try await Browser.on { browser in
                try await browser.open("\(stack.base)/")
                let bytes = try await browser.evaluate(
                    """
                    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                    return entries.map(entry => entry.transferSize)
                    """)
                let sizes = bytes.elements?.compactMap(\.number) ?? []
                #expect(sizes.count >= 2, "\(sizes)")
                #expect(sizes.allSatisfy { $0 > 0 }, "\(sizes)")
                #expect(sizes.reduce(0, +) < 30_000, "\(sizes)")
            }
        }
    }
}
