import HTTPTypes
import Testing

@testable import krea_simulator

/// Checks and answers.
@Suite struct ExchangeTests {
    @Test func `a submission is answered with 200 and Krea's five members`() {
        let account = Account()
        let reaction = account.submit(["prompt": "a cat"])
        #expect(reaction.code == 200)
        #expect(
            reaction.json == [
                "job_id": .string(reaction.jobID ?? ""), "status": "queued", "created_at": "2027-01-15T08:00:00.000Z",
                "completed_at": .null, "result": .null,
            ]
        )
    }

    @Test func `the checks come in order: token, route, schema, balance, capacity`() {
        let account = Account {
            $0.balance = 1
            $0.concurrency = 1
            $0.backlog = 0
        }
        account.token = "wrong"
        #expect(account.submit(["prompt": 1], to: "nobody/nothing").code == 401)
        account.token = "simulator"
        #expect(account.submit(["prompt": 1], to: "nobody/nothing").code == 404)
        #expect(account.submit(["prompt": 1]).code == 422)
        #expect(account.submit(["prompt": "first"]).code == 200)
        #expect(account.submit(["prompt": 1]).code == 422)
        #expect(account.submit(["prompt": "second"]).code == 402)
        account.krea.settings.balance = nil
        #expect(account.submit(["prompt": "second"]).code == 429)
    }

    @Test func `a request without a token, with another scheme or an unknown token is answered with 401 JSON`() {
        let account = Account()
        for field in [nil, "simulator", "Basic simulator", "Bearer other"] {
            var request = HTTPRequest(method: .get, scheme: "https", authority: "api.krea.ai", path: "/jobs")
            request.headerFields[.authorization] = field
            let reaction = account.krea.exchange(request, at: account.now)
            #expect(reaction.code == 401)
            #expect(reaction.json?["error"] != nil)
            #expect(!reaction.authorised)
        }
    }

    @Test(arguments: ["/", "/v1/jobs", "/generate/image/x", "/jobs/a/b"])
    func `an unknown path is answered with a page and 404`(_ path: String) {
        let account = Account()
        let reaction = account.request(.get, path)
        #expect(reaction.code == 404)
        #expect(reaction.response.headerFields[.contentType]?.hasPrefix("text/html") == true)
    }

    @Test(arguments: [true, false])
    func `a model past its sunset is answered with 410 and its replacement, or as an unknown path`(_ isGone: Bool) {
        let account = Account {
            $0.dialect = .current
            $0.sunsetIsGone = isGone
        }
        for model in ["google/nano-banana-flash", "google/imagen-4-fast", "bytedance/seedream-3"] {
            let reaction = account.submit(["prompt": "cat"], to: model)
            #expect(reaction.code == (isGone ? 410 : 404))
            #expect((reaction.json?["error"] == "model_unavailable") == isGone)
        }
    }

    @Test func `each further submission than the balance allows is answered with 402; failed and cancelled jobs are not billed`() throws {
        let account = Account { $0.balance = 2 }
        let cancelled = try #require(account.submit(prompt: "one"))
        _ = account.submit(prompt: "two [[failed]]")
        let refused = account.submit(["prompt": "three"])
        #expect(refused.code == 402)
        #expect(refused.json?["message"]?.text?.hasPrefix("Your API balance is separate") == true)
        #expect(account.request(.delete, "/jobs/" + cancelled).code == 200)
        #expect(account.submit(["prompt": "three"]).code == 200)
        #expect(account.submit(["prompt": "four"]).code == 402)
        account.now += 12_000
        #expect(account.submit(["prompt": "four"]).code == 200)
    }

    @Test func `the same seed gives the same job IDs, another seed others`() {
        let (one, same, other) = (Account(seed: 5), Account(seed: 5), Account(seed: 6))
        let id = one.submit(prompt: "cat")
        #expect(id == same.submit(prompt: "cat"))
        #expect(id != other.submit(prompt: "cat"))
        #expect(id?.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }

    @Test func `the log's line of a request holds what a test needs and no header`() {
        let account = Account()
        account.token = "simulator"
        let request = HTTPRequest(
            method: .get, scheme: "https", authority: "api.krea.ai", path: "/jobs?limit=1",
            headerFields: [.authorization: "Bearer simulator"]
        )
        let reaction = account.krea.exchange(request, at: account.now)
        #expect(
            LogLine(request, reaction, arrived: 7).json == [
                "time": 7, "method": "GET", "path": "/jobs?limit=1", "status": 200, "authorised": true, "job_id": .null, "prompt": .null,
            ]
        )
        var cut = reaction
        cut.delivery = .cut
        #expect(LogLine(request, cut, arrived: 7).status == nil)
    }
}
