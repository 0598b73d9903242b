import HTTPTypes
import Testing

@testable import krea_simulator

/// Switches in a prompt.
@Suite struct SwitchTests {
    /// The job of a prompt, submitted and looked at after a minute.
    private func end(_ prompt: String) -> JSON? {
        let account = Account()
        guard let id = account.submit(prompt: prompt) else { return nil }
        account.now += 60_000
        return account.poll(id).json
    }

    @Test func `a job that is told to fail says so where it was told to`() {
        #expect(end("[[failed]]")?["status"] == "failed")
        #expect(end("[[failed]]")?["error"]?["code"] == "generation_failed")
        #expect(end("[[failed]]")?["result"] == .null)
        #expect(end("[[nsfw]]")?["error"]?["code"] == "nsfw")
        #expect(end("[[failed-result]]")?["status"] == "failed")
        #expect(end("[[failed-result]]")?["result"]?["error"]?.text?.isEmpty == false)
        #expect(end("[[failed-empty]]")?["status"] == "failed")
        #expect(end("[[failed-empty]]")?["result"] == [:])
        #expect(end("[[failed-empty]]")?["error"] == nil)
        #expect(end("[[cancelled]]")?["status"] == "cancelled")
    }

    @Test func `a completed job has its urls in the shape it was told to`() {
        for word in ["no-urls", "urls-objects", "urls-map", "foreign-url"] { #expect(end("[[\(word)]]")?["status"] == "completed") }
        #expect(end("[[no-urls]]")?["result"] == [:])
        guard case .array(let objects) = end("[[urls-objects]]")?["result"]?["urls"],
            case .object(let map) = end("[[urls-map]]")?["result"]?["urls"],
            case .array(let foreign) = end("[[foreign-url]]")?["result"]?["urls"]
        else {
            Issue.record("wrong shapes")
            return
        }
        #expect(objects.first?["type"] == "preview")
        #expect(objects.first?["url"]?.text?.hasPrefix("https://gen.krea.ai/images/") == true)
        #expect(map["image_0"]?.text?.hasPrefix("https://gen.krea.ai/images/") == true)
        #expect(foreign.first?.text?.hasPrefix("https://images.example.com/") == true)
    }

    @Test func `an unknown status is passed through on the way`() throws {
        let account = Account { $0.walk = JobTests.walk }
        let id = try #require(account.submit(prompt: "[[unknown-status]]"))
        #expect(account.status(id, after: 100) == "warming-up")
        #expect(account.status(id, after: 200) == "processing")
        #expect(account.status(id, after: 1200) == "completed")
    }

    @Test func `a stuck job is queued for ever and keeps its slot until it is cancelled`() throws {
        let account = Account { $0.concurrency = 1 }
        let stuck = try #require(account.submit(prompt: "[[stuck]]"))
        let next = try #require(account.submit(prompt: "cat"))
        #expect(account.status(stuck, after: 1_000_000_000) == "queued")
        #expect(account.status(next) == "backlogged")
        #expect(account.request(.delete, "/jobs/" + stuck).code == 200)
        #expect(account.status(next) == "queued")
    }

    @Test func `a job that times out fails at the server's limit`() throws {
        let account = Account()
        let id = try #require(account.submit(prompt: "[[timeout]]"))
        #expect(account.status(id, after: 179_999) == "processing")
        #expect(account.status(id, after: 1) == "failed")
        #expect(account.poll(id).json?["error"]?["code"] == "timeout")
    }

    @Test(arguments: [("401", 401), ("402", 402), ("402-plan", 402), ("403", 403), ("500", 500)])
    func `an error at submission leaves no job`(_ word: String, _ status: Int) {
        let account = Account()
        let reaction = account.submit(["prompt": .string("a cat [[\(word)]]")])
        #expect(reaction.code == status)
        #expect(reaction.prompt == "a cat [[\(word)]]")
        #expect(account.list().ids.isEmpty)
    }

    @Test(arguments: [500, 502, 503, 524])
    func `a gateway's page comes as HTML, with a job or without one`(_ status: Int) {
        let account = Account()
        let refused = account.submit(["prompt": .string("[[\(status)]]")])
        #expect(refused.code == status)
        #expect(refused.response.headerFields[.contentType]?.hasPrefix("text/html") == true)
        #expect(account.list().ids.isEmpty)
        let lost = account.submit(["prompt": .string("[[\(status)-created]]")])
        #expect(lost.code == status)
        #expect(account.list().ids == [lost.jobID ?? ""])
    }

    @Test func `the bodies of 402 and 403 are those that were seen`() {
        let account = Account()
        #expect(account.submit(["prompt": "[[402]]"]).json?["message"]?.text?.contains("top up your API balance") == true)
        #expect(account.submit(["prompt": "[[402-plan]]"]).json?["error"]?.text?.contains("plan") == true)
        #expect(account.submit(["prompt": "[[403]]"]).text == "error code: 1010")
    }

    @Test func `a 429 with a number refuses so many submissions of a prompt, and again after one was taken`() {
        let account = Account()
        func codes() -> [Int] { (0..<3).map { _ in account.submit(["prompt": "[[429:2]]"]).code } }
        #expect(codes() == [429, 429, 200])
        #expect(codes() == [429, 429, 200])
    }

    @Test func `a 429 has Retry-After only where it is told to`() {
        let account = Account()
        #expect(account.submit(["prompt": "[[429]]"]).response.headerFields[.retryAfter] == nil)
        let told = account.submit(["prompt": "[[429-retry-after:45]]"])
        #expect(told.code == 429)
        #expect(told.response.headerFields[.retryAfter] == "45")
    }

    @Test func `a fault of polls strikes so many polls of a job and no submission`() throws {
        let account = Account()
        let id = try #require(account.submit(prompt: "[[429-poll]] [[500-poll:2]]"))
        #expect((0..<4).map { _ in account.poll(id).code } == [429, 500, 500, 200])
        let other = try #require(account.submit(prompt: "[[429-poll]] [[500-poll:2]]"))
        #expect(account.poll(other).code == 429)
        let gone = try #require(account.submit(prompt: "[[404-poll]]"))
        #expect((0..<3).map { _ in account.poll(gone).code } == [404, 404, 404])
        let kept = try #require(account.submit(prompt: "[[503-cancel]]"))
        #expect(account.request(.delete, "/jobs/" + kept).code == 503)
        #expect(account.status(kept) == "queued")
    }

    @Test func `a cut connection has created its job, unless it was cut before`() {
        let account = Account()
        let before = account.submit(["prompt": "[[cut-before]]"])
        #expect(before.delivery == .cut)
        #expect(account.list().ids.isEmpty)
        let after = account.submit(["prompt": "[[cut]]"])
        #expect(after.delivery == .cut)
        #expect(account.list().ids == [after.jobID ?? ""])
    }

    @Test func `a damaged answer comes after the job was created`() {
        let account = Account()
        #expect(account.submit(["prompt": "[[truncated]]"]).delivery == .truncated)
        #expect(account.submit(["prompt": "[[drip:7]]"]).delivery == .dripping(bytes: 1, every: 7))
        #expect(account.submit(["prompt": "[[slow:5000]]"]).delay == 5000)
        #expect(account.submit(["prompt": "[[slow]]"]).delay == 60_000)
        #expect(account.submit(["prompt": "[[empty]]"]).body.isEmpty)
        let garbled = account.submit(["prompt": "[[garbled]]"])
        #expect(garbled.code == 200)
        #expect(garbled.json == nil)
        #expect(!garbled.body.isEmpty)
        #expect(account.list().ids.count == 6)
    }

    @Test func `a word that holds for every job strikes prompts that do not name it; the prompt's own number wins`() throws {
        let words = try Switches(words: ["429", "failed", "500-list"])
        let account = Account { $0.always = words }
        #expect((0..<2).map { _ in account.submit(["prompt": "cat"]).code } == [429, 200])
        #expect((0..<3).map { _ in account.submit(["prompt": "dog [[429:2]]"]).code } == [429, 429, 200])
        #expect(account.request(.get, "/jobs").code == 500)
        let id = try #require(account.list().ids.first)
        #expect(account.status(id, after: 60_000) == "failed")
    }

    @Test func `brackets that hold no known word are part of the prompt, and refused as a word for every job`() {
        for word in ["bogus", "failed:x", "500-later", "slow:-1", "slow:99999999999", "429-", ""] {
            #expect(Switches(prompt: "a [[\(word)]] cat") == .none)
            #expect(throws: UnknownSwitch.self) { try Switches(words: [word]) }
        }
        #expect(Switches(prompt: "[[FAILED]]").has(.failed))
    }
}
