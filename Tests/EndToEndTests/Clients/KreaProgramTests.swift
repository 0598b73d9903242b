import Digests
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Web
@testable import krea_simulator

/// Programs written for Krea, with this service's address in place of Krea's.
@Suite(.timeLimit(.minutes(5))) struct KreaProgramTests {
    private static let input = #"{"prompt": "a lighthouse", "aspect_ratio": "16:9"}"#

    /// A file of keys; the key of `ann` is `ann's key`, and so on.
    private func keyFile(_ folder: TemporaryFolder, _ names: String...) throws -> String {
        let lines = names.map { name in
            let hash = SHA256.hash("\(name)'s key".utf8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
            return "\(name):\(hash)\n"
        }
        let path = folder.file("keys")
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test(arguments: Dialect.allCases)
    func `a program submits, polls Krea's statuses to the end, and gets its URLs`(dialect: Dialect) async throws {
        let stack = try await Stack(dialect)
        let krea = KreaProgram(base: "\(stack.base)/api", key: "anything")
        let submitted = try await krea.generate("image/google/nano-banana-2", Self.input)
        #expect(!submitted.status.isTerminal)
        #expect(submitted.result == nil)
        #expect(submitted.completed_at == nil)
        let job = try await krea.wait(for: submitted.job_id)
        #expect(job.status == .completed)
        #expect(job.result?.urls.count == 1)
        #expect(job.completed_at != nil)
        #expect(job.created_at == submitted.created_at)
        #expect(try stack.kreaCalls().filter { $0.isSubmission && $0.kreaID != nil }.map(\.prompt) == ["a lighthouse"])
    }

    @Test func `a program lists its jobs page by page, by our cursor and by Krea's`() async throws {
        let stack = try await Stack()
        let krea = KreaProgram(base: "\(stack.base)/api", key: "anything")
        var jobs: [KreaProgram.Job] = []
        for _ in 1...5 {
            jobs.append(try await krea.generate("image/bfl/flux-1-dev", Self.input.replacing("aspect_ratio", with: "aspectRatio")))
        }
        #expect(try await krea.allJobs(by: 2) == jobs.reversed().map(\.job_id))
        let older = try await krea.jobs("cursor=\(jobs[2].created_at)&types=flux")
        #expect(older.items.map(\.job_id) == jobs.filter { $0.created_at < jobs[2].created_at }.reversed().map(\.job_id))
        #expect(try await krea.jobs("status=cancelled").items.isEmpty)
    }

    @Test func `a program cancels a running job and sees it cancelled`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "3600"], environment: ["KREA_FCGI_MAX_POLLS": "100000"])
        let krea = KreaProgram(base: "\(stack.base)/api", key: "anything")
        let id = try await krea.generate("image/google/imagen-4-fast", Self.input).job_id
        try await stack.service.line { $0.contains("Submitted a job") }
        try await krea.delete(id)
        #expect(try await krea.wait(for: id).status == .cancelled)
    }

    @Test func `a program's mistakes are told with Krea's statuses and in Krea's shape, and cost nothing`() async throws {
        let stack = try await Stack()
        let krea = KreaProgram(base: "\(stack.base)/api", key: "anything")
        let mistakes: [(String, String, Int)] = [
            ("image/bfl/flux-1-dev", #"{"prompt": "x", "colour": 1}"#, 422), ("image/bfl/flux-1-dev", "{}", 422),
            ("image/bfl/flux-1-dev", "{", 400), ("image/openai/gpt-image", Self.input, 404), ("video/google/veo-3", Self.input, 404),
            ("enhance/topaz/x", Self.input, 404),
        ]
        for (model, input, status) in mistakes {
            let error = await #expect(throws: KreaProgram.KreaError.self) { try await krea.generate(model, input) }
            #expect(error?.status == status, "\(model) \(input)")
            #expect(error?.error.hasSuffix(".") == true, "\(model) \(input)")
        }
        #expect(await #expect(throws: KreaProgram.KreaError.self) { try await krea.job(UUID()) }?.status == 404)
        #expect(await #expect(throws: KreaProgram.KreaError.self) { try await krea.delete(UUID()) }?.status == 404)
        #expect(try stack.kreaCalls().filter(\.isSubmission).isEmpty)
    }

    @Test func `with a file of keys each name has its own jobs, a wrong key is 401, and keys come and go without a restart`() async throws {
        let files = try TemporaryFolder()
        let stack = try await Stack(
            token: "the-operators", simulator: ["--run-seconds", "0", "--token", "the-operators"],
            environment: ["KREA_FCGI_API_KEYS_FILE": try keyFile(files, "ann", "ben"), "KREA_FCGI_LOG_LEVEL": "trace"])
        let ann = KreaProgram(base: "\(stack.base)/api", key: "ann's key")
        let ben = KreaProgram(base: "\(stack.base)/api", key: "ben's key")
        let eve = KreaProgram(base: "\(stack.base)/api", key: "eve's key")
        let nobody = KreaProgram(base: "\(stack.base)/api")

        let id = try await ann.generate("image/bfl/flux-1-dev", Self.input).job_id
        #expect(try await ann.wait(for: id).status == .completed)
        #expect(try await ann.allJobs(by: 100) == [id])
        #expect(try await ben.allJobs(by: 100) == [])
        #expect(try await nobody.job(id).status == .completed)
        for program in [eve, nobody] {
            #expect(await #expect(throws: KreaProgram.KreaError.self) { try await program.jobs("") }?.status == 401)
            #expect(await #expect(throws: KreaProgram.KreaError.self) { try await program.delete(id) }?.status == 401)
            #expect(
                await #expect(throws: KreaProgram.KreaError.self) { try await program.generate("image/bfl/flux-1-dev", Self.input) }?.status
                    == 401)
        }
        #expect(await #expect(throws: KreaProgram.KreaError.self) { try await eve.job(id) }?.status == 401)

        _ = try keyFile(files, "ann", "eve")
        #expect(try await eve.allJobs(by: 100) == [])
        #expect(await #expect(throws: KreaProgram.KreaError.self) { try await ben.jobs("") }?.status == 401)
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
        #expect(stack.service.lines.filter { $0.contains("'s key") } == [])
    }

    @Test func `a bad line of the file of keys stops the start and is named, but not shown`() async throws {
        let files = try TemporaryFolder()
        let path = try keyFile(files, "ann")
        try "# keys\nann:not-a-hash".write(toFile: path, atomically: false, encoding: .utf8)
        let service = try Stack.serve(files, krea: "http://127.0.0.1:9", token: "x", ["KREA_FCGI_API_KEYS_FILE": path])
        #expect(try await service.exitStatus() != 0)
        let lines = await service.allLines()
        #expect(lines.contains { $0.contains("KREA_FCGI_API_KEYS_FILE \"\(path)\" line 2 is not a name") }, "\(lines)")
        #expect(!lines.contains { $0.contains("not-a-hash") })
    }

    @Test func `the description that is served is the one that all answers of these tests are checked against`() async throws {
        let stack = try await Stack()
        let served = try await HTTPTestClient.get("\(stack.base)/api/openapi.json")
        let known = try JSONDecoder().decode(JSONValue.self, from: Data(Contract.document()))
        func answers(_ document: JSONValue) -> [JSONValue?] {
            let components = document["components"]
            let schemas = components?["schemas"]?.members?.filter { !$0.key.hasPrefix("JobRequest") }
            return [
                document["servers"], document["paths"], components?["responses"], components?["headers"], schemas.map(JSONValue.object),
            ]
        }
        #expect(try answers(served.json) == answers(known))
    }
}
