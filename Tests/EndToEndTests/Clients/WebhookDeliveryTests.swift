import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// Telling a program of its job's end: real messages to a real receiver on this machine.
@Suite(.timeLimit(.minutes(5))) struct WebhookDeliveryTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let settings = ["KREA_FCGI_WEBHOOK_HOSTS": "127.0.0.1", "KREA_FCGI_WEBHOOK_SECRET": secret]

    private func send(_ prompt: String, tell url: String, _ stack: Stack) async throws -> HTTPTestClient.Answer {
        try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "\#(prompt)", "webhook_url": "\#(url)"}"#)
    }

    @Test(arguments: ["", "[[failed]]", "[[402:1]]"])
    func `a job's end is told in one signed message that says what its address says`(words: String) async throws {
        let receiver = try WebhookReceiver(204)
        let stack = try await Stack(environment: Self.settings)
        let accepted = try await send("a lighthouse \(words)", tell: receiver.url, stack)
        #expect(accepted.status == 202)
        let id = try #require(try accepted.json["job_id"]?.text)
        let message = try #require(await receiver.next())
        #expect(message.isSigned(with: Self.secret))
        #expect(message.field("content-type") == "application/json")
        #expect(message.field("authorization") == nil)
        let told = try message.json
        #expect(told["job_id"]?.text == id)
        #expect(told["status"]?.text == (words.isEmpty ? "completed" : "failed"))
        try await stack.service.line { $0.contains("Told of a job's end") && $0.contains(id) }
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json
        #expect(job["result"] == told["result"])
        #expect(job["error"] == told["error"])
        #expect(job["webhook"]?["state"]?.text == "delivered")
        #expect(job["webhook"]?["attempts"]?.number == 1)
        #expect(!stack.service.lines.contains { $0.contains("lighthouse") || $0.contains("MfKQ") })
        #expect(try await stack.command("audit").status == 0)
    }

    @Test func `with two secrets a receiver that knows either takes the message`() async throws {
        let receiver = try WebhookReceiver(204)
        let new = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()
        let stack = try await Stack(environment: Self.settings.merging(["KREA_FCGI_WEBHOOK_SECRET": "\(new) \(Self.secret)"]) { $1 })
        _ = try await send("a lighthouse", tell: receiver.url, stack)
        let message = try #require(await receiver.next())
        #expect(message.isSigned(with: Self.secret))
        #expect(message.isSigned(with: new))
        #expect(!message.isSigned(with: "whsec_" + Data(repeating: 8, count: 32).base64EncodedString()))
    }

    @Test func `a receiver that fails gets the same message again, also from the next process`() async throws {
        let receiver = try WebhookReceiver(500)
        let stack = try await Stack(environment: Self.settings)
        let id = try #require(try await send("a lighthouse", tell: receiver.url, stack).json["job_id"]?.text)
        let first = try #require(await receiver.next())
        try await stack.service.line { $0.contains("Told of a job's end") && $0.contains("delivery=pending") }
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        // On a busy machine the first process may have tried more than once before it died: it is the next one that succeeds.
        receiver.answer(204)
        let service = try Stack.serve(stack.folder, krea: stack.krea, token: "simulator", Self.settings)
        try await service.line { $0.contains("Told of a job's end") && $0.contains("delivery=delivered") }
        let told = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json["webhook"]
        #expect(told?["state"]?.text == "delivered")
        let attempts = Int(try #require(told?["attempts"]?.number))
        #expect(attempts >= 2)
        for _ in 2...max(2, attempts) {
            let again = try #require(await receiver.next())
            #expect(again.field("webhook-id") == first.field("webhook-id"))
            #expect(again.isSigned(with: Self.secret))
        }
    }

    @Test func `a receiver that has moved is not followed, and one that is gone is not told again`() async throws {
        let receiver = try WebhookReceiver(410)
        let stack = try await Stack(environment: Self.settings)
        let id = try #require(try await send("a lighthouse", tell: receiver.url, stack).json["job_id"]?.text)
        _ = await receiver.next()
        try await stack.service.line { $0.contains("Gave up telling of a job's end") && $0.contains(id) }
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json["webhook"]?["state"]?.text == "failed")
    }

    @Test func `what is not allowed is refused when the job is sent`() async throws {
        let stack = try await Stack(environment: Self.settings)
        for url in ["https://hooks.example.org/", "http://localhost:9/", "http://127.0.0.2:9/", "http://10.0.0.1/"] {
            #expect(try await send("a lighthouse", tell: url, stack).status == 422)
        }
        let off = try await Stack()
        let refused = try await send("a lighthouse", tell: "https://hooks.example.org/", off)
        #expect(refused.status == 422)
        #expect(refused.body.contains("the operator has allowed no host for it"))
    }
}
