import Foundation
import Jobs
import TestSupport
import Testing
import Web

@testable import krea_simulator

extension BrowserTests {
    /// A person who watches a job until it ends, however it ends.
    @Suite struct EndingInBrowser {
        struct Row: CustomTestStringConvertible {
            /// What the simulator shall do.
            let word: String
            let message: String
            var pictures = 0
            var testDescription: String { word }
        }

        private static let rows = [
            Row(word: "", message: "Generated with Nano Banana 2: a lighthouse", pictures: 1),
            Row(word: "failed", message: JobFailure(.generationFailed).message),
            Row(word: "nsfw", message: JobFailure(.contentRefused, because: .nsfw).message),
            Row(word: "cancelled", message: JobFailure(.cancelled).message),
            Row(word: "no-urls", message: JobFailure(.noImage).message),
            Row(word: "402:1", message: JobFailure(.outOfCompute).message),
            Row(word: "stuck", message: JobFailure(.timedOut).message),
        ]

        /// The sentence of a page that has come to its end.
        private static let end = "main:not(:has(progress)) :is(.result, .problem)"

        @Test(arguments: [Device.desk, .scriptless])
        func `the page follows the job by itself and tells its end in the words for it`(device: Device) async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "15"])
            try await Browser.on(device) { browser in
                var ids: [String] = []
                for row in Self.rows { ids.append(try await stack.send("a lighthouse\(row.word.isEmpty ? "" : " [[\(row.word)]]")")) }
                for (row, id) in zip(Self.rows, ids) {
                    try await browser.open("\(stack.base)/jobs/\(id)")
                    let sentence = try await browser.text(Self.end)
                    #expect(sentence.hasPrefix(row.message), "\(row.word): \(sentence)")
                    #expect(try await browser.count(".pictures img") == row.pictures, "\(row.word)")
                }
            }
        }

        @Test func `when some pictures fail the page shows the others and says what is missing`() async throws {
            let stack = try await Stack(.current, simulator: ["--run-seconds", "0.3", "--balance", "2"])
            try await Browser.on { browser in
                let id = try await stack.send("a lighthouse", ["batch_size": 3])
                try await browser.open("\(stack.base)/jobs/\(id)")
                #expect(try await browser.text(Self.end) == "Generated with Nano Banana 2: a lighthouse")
                #expect(try await browser.count(".pictures img") == 2)
                #expect(try await browser.text("main").contains("1 of 3 pictures could not be made: Out of compute"))
            }
        }

        @Test func `while Krea limits the rate the page says so, and goes on afterwards`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS": "2"])
            try await Browser.on { browser in
                let id = try await stack.send("a lighthouse [[429]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                #expect(try await browser.text("main:has(progress) .problem") == "Rate limited — wait 1 min")
                try await browser.wait(for: ".pictures img")
                #expect(try await browser.count(".problem") == 0)
            }
        }

        @Test func `who presses Cancel sees the job cancelled`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_POLL_INTERVAL_SECONDS": "0.5"])
            try await Browser.on { browser in
                let id = try await stack.send("a lighthouse [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.click("form[action$='/cancel'] button")
                #expect(try await browser.text(Self.end).hasPrefix("Cancelled"))
                #expect(try await browser.text("#job h2") == "Cancelled")
            }
        }

        @Test func `who asks to look again after a job timed out sees it go on`() async throws {
            let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "3"])
            try await Browser.on { browser in
                let id = try await stack.send("a mill [[stuck]]")
                try await browser.open("\(stack.base)/jobs/\(id)")
                try await browser.click("form[action$='/resume'] button")
                try await stack.service.line { $0.contains("job=\(id)") && $0.contains("state=running") }
                try await browser.wait(for: Self.end)
            }
        }
    }
}
