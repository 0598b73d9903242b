import Foundation
import Jobs
import SQLiteStore
import TestSupport
import Testing

@testable import krea_fcgi

/// Which store the commands open, and what they leave behind.
@Suite struct StoreOpeningTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("jobs.sqlite")
    }

    private func configuration() throws -> ServiceConfiguration {
        let variables = ["KREA_FCGI_STORE": path, "KREA_FCGI_QUEUE_LIMIT": "7", "KREA_FCGI_MAX_POLLS": "5"]
        return try ServiceConfiguration(ConfigurationSource(environment: variables))
    }

    @Test func `a command finds no store, says so in one sentence and makes none`() throws {
        let error = try #require(throws: StoreNotOpened.self) { try configuration().openExistingStore() }
        #expect(error.description == "KREA_FCGI_STORE \"\(path)\" does not exist: nothing was read and nothing made.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `a command opens the service's store while the service has it open, with the same rules`() throws {
        let now = TestTime().now
        let service = try configuration().openStore()
        _ = try service.accept(.sample(at: now), key: nil)
        let command = try configuration().openExistingStore()
        #expect(try command.jobs(JobQuery(client: nil)).items.map(\.job.id) == [.sample(1)])
        #expect(command.rules.maxPolls == 5)
        #expect(command.limits.total == 7)
    }

    @Test func `a file that is no store is refused with a sentence that names it`() throws {
        try Data(repeating: 0x41, count: 4096).write(to: URL(filePath: path))
        let error = try #require(throws: StoreNotOpened.self) { try configuration().openExistingStore() }
        #expect(error.description.hasPrefix("KREA_FCGI_STORE \"\(path)\" cannot be opened: "))
    }
}
