import Foundation
import Jobs
import TestSupport
import Testing

/// What a real browser makes of the pages: headless Chromium.
@Suite(.timeLimit(.minutes(3))) struct BrowserTests {
    @Test func `Chromium shows the picture, the policy of the page lets it`() async throws {
        let stack = try await Stack()
        let accepted = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
        let id = try #require(try accepted.json["job_id"]?.text)
        let job = try await stack.finished(id)
        let picture = try #require(job["result"]?["urls"]?.elements?.first?.text)

        let chromium = ChildProcess(
            URL(filePath: "/usr/bin/chromium"),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(stack.folder.path)/browser",
                "--screenshot=\(stack.folder.path)/page.png", "\(stack.base)/jobs/\(id)",
            ],
            environment: ["HOME": stack.folder.path])
        #expect(try await chromium.exitStatus() == 0)
        #expect(FileManager.default.fileExists(atPath: "\(stack.folder.path)/page.png"))
        let fetched = try stack.kreaCalls().map(\.path).filter { $0.hasPrefix("/images/") }
        #expect(fetched == [String(picture.dropFirst(stack.krea.count))])
    }
}
