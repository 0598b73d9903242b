import Foundation
import Jobs

/// A program as Krea's documentation has it: it knows Krea's routes, members, statuses and errors, and nothing of this service.
struct KreaProgram {
    /// What stands for `https://api.krea.ai`.
    let base: String
    var key: String?

    /// Krea's nine job states; no other is one.
    enum Status: String, Decodable {
        case backlogged, queued, scheduled, processing, sampling
        case intermediateComplete = "intermediate-complete"
        case completed, failed, cancelled

        var isTerminal: Bool { [.completed, .failed, .cancelled].contains(self) }
    }

    struct Job: Decodable {
        struct Result: Decodable {
            let urls: [String]
        }

        let job_id: UUID
        let status: Status
        let created_at: String
        let completed_at: String?
        let result: Result?
    }

    struct List: Decodable {
        let items: [Job]
        let next_cursor: String?
    }

    /// An answer that is not 200.
    struct KreaError: Error, Equatable {
        let status: Int
        let error: String
    }

    private struct ErrorBody: Decodable {
        let error: String
    }

    func generate(_ model: String, _ input: String) async throws -> Job {
        try await send("POST", "/generate/\(model)", body: input)
    }

    func job(_ id: UUID) async throws -> Job {
        try await send("GET", "/jobs/\(id.uuidString.lowercased())")
    }

    func jobs(_ query: String) async throws -> List {
        try await send("GET", "/jobs?\(query)")
    }

    func delete(_ id: UUID) async throws {
        _ = try await answer("DELETE", "/jobs/\(id.uuidString.lowercased())")
    }

    /// Asks until the job has come to its end. Throws for a status that is none of Krea's.
    func wait(for id: UUID) async throws -> Job {
        while true {
            let job = try await job(id)
            if job.status.isTerminal { return job }
        }
    }

    /// All jobs, so many at a time.
    func allJobs(by limit: Int) async throws -> [UUID] {
        var list = try await jobs("limit=\(limit)")
        var found = list.items
        while let cursor = list.next_cursor {
            list = try await jobs("limit=\(limit)&cursor=\(cursor)")
            found += list.items
        }
        return found.map(\.job_id)
    }

    private func send<Value: Decodable>(_ method: String, _ path: String, body: String? = nil) async throws -> Value {
        let answer = try await answer(method, path, body: body)
        return try JSONDecoder().decode(Value.self, from: Data(answer.body.utf8))
    }

    private func answer(_ method: String, _ path: String, body: String? = nil) async throws -> HTTPTestClient.Answer {
        var headers = [("Content-Type", "application/json")]
        if let key { headers.append(("Authorization", "Bearer \(key)")) }
        let answer = try await HTTPTestClient.request(method, base + path, headers, body: body)
        guard (200..<300).contains(answer.status) else {
            let error = try JSONDecoder().decode(ErrorBody.self, from: Data(answer.body.utf8))
            throw KreaError(status: answer.status, error: error.error)
        }
        return answer
    }
}
