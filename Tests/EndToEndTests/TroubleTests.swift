import Foundation
import Jobs
import TestSupport
import Testing

/// Trouble with the store, as those behind nginx see it.
@Suite(.timeLimit(.minutes(1))) struct TroubleTests {
    @Test func `while somebody else holds the store a job is refused and others are still read, and afterwards all goes on`() async throws {
        let stack = try await Stack()
        let first = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "first"}"#).json["job_id"]?.text ?? ""
        _ = try await stack.finished(first)

        let holder = try StoreHolder(stack.folder.file("jobs.sqlite"))
        let refused = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        #expect(refused.status == 503 && refused["Retry-After"] == "5")
        #expect(try refused.json["code"] == "store_unavailable")
        #expect(try await Visitor.get("\(stack.base)/api/jobs/\(first)").status == 200)
        try holder.release()

        let second = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        #expect(second.status == 202)
        #expect(try await stack.finished(second.json["job_id"]?.text ?? "")["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).compactMap(\.prompt) == ["first", "second"])
    }
}
