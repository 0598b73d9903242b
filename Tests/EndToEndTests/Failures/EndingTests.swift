import Jobs
import TestSupport
import Testing
import Web

@testable import krea_simulator

/// Every way in which a job can end, and the pace on the way, through nginx and against the simulator.
@Suite(.timeLimit(.minutes(5))) struct EndingTests {
    struct Row: CustomTestStringConvertible {
        let word: String
        let status: String
        var code: String?
        let message: String
        var model = "default"
        var testDescription: String { word }
    }

    private static let rows = [
        Row(word: "", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "failed", status: "failed", code: "generation_failed", message: JobFailure(.generationFailed).message),
        Row(word: "failed-result", status: "failed", code: "generation_failed", message: JobFailure(.generationFailed).message),
        Row(word: "failed-empty", status: "failed", code: "generation_failed", message: JobFailure(.generationFailed).message),
        Row(word: "nsfw", status: "failed", code: "content_refused", message: JobFailure(.contentRefused, because: .nsfw).message),
        Row(
            word: "ip-detected", status: "failed", code: "content_refused",
            message: JobFailure(.contentRefused, because: .ipDetected).message),
        Row(word: "violence", status: "failed", code: "content_refused", message: JobFailure(.contentRefused, because: .violence).message),
        Row(
            word: "personal-info", status: "failed", code: "content_refused",
            message: JobFailure(.contentRefused, because: .personalInfo).message),
        Row(word: "422-nsfw", status: "failed", code: "content_refused", message: JobFailure(.contentRefused, because: .nsfw).message),
        Row(word: "no-urls-nsfw", status: "failed", code: "content_refused", message: JobFailure(.contentRefused, because: .nsfw).message),
        Row(word: "402-plan", status: "failed", code: "out_of_compute", message: "Out of compute — upgrade plan"),
        Row(word: "402-code:1", status: "failed", code: "out_of_compute", message: "Out of compute — upgrade plan"),
        Row(word: "cancelled", status: "cancelled", code: "cancelled", message: JobFailure(.cancelled).message),
        Row(word: "no-urls", status: "failed", code: "no_image", message: JobFailure(.noImage).message),
        Row(word: "foreign-url", status: "failed", code: "foreign_host", message: JobFailure(.foreignHost).message),
        Row(word: "no-urls:300", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "urls-objects", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "unknown-status", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "402:1", status: "failed", code: "out_of_compute", message: "Out of compute — upgrade plan"),
        Row(word: "403", status: "failed", code: "forbidden", message: JobFailure(.forbidden).message),
        // Its route counts as gone from then on: a model that no other row has.
        Row(word: "404", status: "failed", code: "model_unavailable", message: JobFailure(.modelUnavailable).message, model: "ideogram"),
        Row(word: "429", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "429-poll", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "500", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "500-poll", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "cut", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "truncated", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(word: "empty", status: "completed", message: "Generated with Nano Banana 2: a lighthouse"),
        Row(
            word: "stuck", status: "failed", code: "timed_out",
            message: "Job timed out — complex prompts take longer, try simpler or check quota."),
    ]

    @Test(arguments: Dialect.allCases)
    func `every ending is told in the words for it, within the pace, and nothing is sent twice`(dialect: Dialect) async throws {
        let stack = try await Stack(dialect)
        var ids: [String] = []
        for row in Self.rows {
            let word = row.word.isEmpty ? "" : " [[\(row.word)]]"
            let accepted = try await HTTPTestClient.post(
                "\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse\#(word)", "model": "\#(row.model)"}"#)
            ids.append(try #require(try accepted.json["job_id"]?.text))
        }
        for (row, id) in zip(Self.rows, ids) {
            let job = try await stack.finished(id)
            #expect(job["status"]?.text == row.status, "\(row.word)")
            #expect(job["error"]?["code"]?.text == row.code, "\(row.word)")
            let message = try #require(job["message"]?.text)
            #expect(message.hasPrefix(row.message), "\(row.word): \(message)")
            let page = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)")
            #expect(page.body.contains(row.message.replacing("'", with: "&#39;")), "\(row.word)")
        }
        let calls = try stack.kreaCalls()
        #expect(calls.brokenRules(Stack.rules, flight: .milliseconds(100)).isEmpty)
        let created = calls.filter { $0.isSubmission && $0.kreaID != nil }.compactMap(\.prompt)
        #expect(Set(created).count == created.count)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
        #expect(!stack.service.lines.contains { $0.contains("lighthouse") })
    }

    @Test func `without a token the service starts, says what is missing everywhere, and keeps nothing`() async throws {
        let stack = try await Stack(token: nil)
        let sentence = "Krea API token not configured — set KREA_API_TOKEN env."
        #expect(stack.service.lines.contains { $0.contains(sentence) })
        #expect(try await HTTPTestClient.get("\(stack.base)/").body.contains(sentence))
        let form = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"])
        #expect(form.status == 503)
        #expect(form.body.contains(sentence))
        #expect(form.body.contains("a lighthouse"))
        let json = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
        #expect(json.status == 503)
        #expect(try json.json["error"]?.text == sentence)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs").json["items"]?.elements?.isEmpty == true)
        #expect(try stack.kreaCalls().allSatisfy { $0.path == "/openapi.json" })
    }
}
