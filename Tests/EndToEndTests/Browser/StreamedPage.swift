import Foundation
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// A person without a script before the page of a job that is on its way, which comes bit by bit.
    @Suite(.impatientChromium) struct StreamedPage {
        @Test func `each change comes by itself as a line of the same answer, and in the end the picture`() async throws {
            let stack = try await Stack(simulator: ["--run-seconds", "1.5"])
            try await Browser.on(Device(isPhone: true, hasScript: false)) { browser in
                let id = try await stack.send("a lighthouse")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.wait(for: ".pending")
                try await browser.wait(for: ".log p:nth-child(2)")
                #expect(try await browser.count("#job .state") == 0)
                try await Axe.check(browser)
                try await browser.wait(for: ".pictures img")
                #expect(try await browser.evaluate("return document.querySelector('.pending').checkVisibility()") == false)
                #expect(try await browser.requests().filter { $0.contains("/krea/jobs/") } == ["GET \(stack.base)/jobs/\(id)"])
            }
        }

        @Test func `while Krea limits the rate a line says so, and it goes on afterwards`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS": "2"])
            try await Browser.on(.scriptless) { browser in
                let id = try await stack.send("a lighthouse [[429]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                #expect(try await browser.text(".log .wrong") == "Rate limited — wait 1 min")
                try await browser.wait(for: ".pictures img")
                #expect(try await browser.count(".problem") == 0)
            }
        }

        @Test func `who reloads the page in the middle and then presses Cancel sees the job cancelled`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_POLL_INTERVAL_SECONDS": "0.5"])
            try await Browser.on(.scriptless) { browser in
                let id = try await stack.send("a lighthouse [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.wait(for: ".log p")
                try await browser.reload()
                try await browser.click("form[action$='/cancel'] button")
                #expect(try await browser.text(".state h2") == "Cancelled")
            }
        }
    }
}
