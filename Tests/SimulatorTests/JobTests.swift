import HTTPTypes
import Testing

@testable import krea_simulator

/// Jobs in virtual time.
@Suite struct JobTests {
    static let walk = Walk(stages: [
        Stage(.queued, dwell: 100), Stage(.scheduled, dwell: 200), Stage(.processing, dwell: 300), Stage(.sampling, dwell: 400),
        Stage(.intermediateComplete, dwell: 500),
    ])

    @Test func `a job changes its state at the first millisecond of each stage`() throws {
        let account = Account { $0.walk = Self.walk }
        let id = try #require(account.submit(prompt: "cat"))
        let start = account.now
        let expected: [(Int64, String)] = [
            (0, "queued"), (99, "queued"), (100, "scheduled"), (299, "scheduled"), (300, "processing"), (599, "processing"),
            (600, "sampling"), (999, "sampling"), (1000, "intermediate-complete"), (1499, "intermediate-complete"), (1500, "completed"),
        ]
        for (elapsed, status) in expected + expected.reversed() {
            account.now = start + elapsed
            #expect(account.status(id) == status, "after \(elapsed) ms")
        }
    }

    @Test(arguments: [0, 1, 7, 999, 12_000] as [Int64])
    func `a walk of a given length has all five states and exactly that length`(_ milliseconds: Int64) {
        let walk = Walk.lasting(milliseconds)
        #expect(walk.duration == milliseconds)
        #expect(walk.stages.map(\.status) == ["queued", "scheduled", "processing", "sampling", "intermediate-complete"])
        #expect(walk.status(after: milliseconds) == nil)
    }

    @Test func `a completed job has its urls and the time of its end, a running one has neither`() throws {
        let account = Account()
        let id = try #require(account.submit(["prompt": "cat", "batchSize": 3]).jobID)
        let running = account.poll(id).json
        #expect(running?["result"] == .null)
        #expect(running?["completed_at"] == .null)
        account.now += 60_000
        let done = account.poll(id).json
        #expect(done?["status"] == "completed")
        #expect(done?["completed_at"] == "2027-01-15T08:00:12.000Z")
        guard case .array(let urls) = done?["result"]?["urls"] else {
            Issue.record("no urls")
            return
        }
        #expect(Set(urls.compactMap(\.text)).count == 3)
        #expect(urls.allSatisfy { $0.text?.wholeMatch(of: /https:\/\/gen\.krea\.ai\/images\/[0-9a-f-]{36}\.png/) != nil })
    }

    @Test func `jobs over the concurrency are backlogged and run in order, over the backlog they are refused`() throws {
        let account = Account {
            $0.walk = Self.walk
            $0.concurrency = 2
            $0.backlog = 2
        }
        let ids = try (0..<4).map { try #require(account.submit(prompt: "job \($0)")) }
        #expect(account.submit(["prompt": "job 4"]).code == 429)
        #expect(ids.map { account.status($0) } == ["queued", "queued", "backlogged", "backlogged"])
        account.now += 1500
        #expect(ids.map { account.status($0) } == ["completed", "completed", "queued", "queued"])
        let late = account.submit(["prompt": "job 4"])
        #expect(late.json?["status"] == "backlogged")
        account.now += 1500
        #expect(account.status(try #require(late.jobID)) == "queued")
    }

    @Test func `a cancelled job makes room for the one behind it`() throws {
        let account = Account {
            $0.walk = Self.walk
            $0.concurrency = 1
        }
        let ids = try (0..<3).map { try #require(account.submit(prompt: "job \($0)")) }
        account.now += 50
        let answer = account.request(.delete, "/jobs/" + ids[0])
        #expect(answer.code == 200)
        #expect(answer.json == ["job_id": .string(ids[0]), "deleted": true])
        #expect(ids.map { account.status($0) } == ["cancelled", "queued", "backlogged"])
        #expect(account.request(.delete, "/jobs/" + ids[1]).code == 200)
        #expect(ids.map { account.status($0) } == ["cancelled", "cancelled", "queued"])
        account.now += 100_000
        #expect(account.poll(ids[0]).json?["completed_at"] == "2027-01-15T08:00:00.050Z")
    }

    @Test func `a backlogged job that is cancelled never takes a slot`() throws {
        let account = Account {
            $0.walk = Self.walk
            $0.concurrency = 1
        }
        let ids = try (0..<3).map { try #require(account.submit(prompt: "job \($0)")) }
        #expect(account.request(.delete, "/jobs/" + ids[1]).code == 200)
        account.now += 1500
        #expect(ids.map { account.status($0) } == ["completed", "cancelled", "queued"])
    }

    @Test func `a finished job that is deleted is answered with 200 and stays what it is`() throws {
        let account = Account()
        let id = try #require(account.submit(prompt: "cat"))
        account.now += 12_000
        #expect(account.request(.delete, "/jobs/" + id).code == 200)
        #expect(account.status(id) == "completed")
    }

    @Test func `another token's job is not found, not listed and takes no slot`() throws {
        let account = Account {
            $0.tokens = ["simulator", "other"]
            $0.concurrency = 1
        }
        let id = try #require(account.submit(prompt: "cat"))
        account.token = "other"
        #expect(account.poll(id).code == 404)
        #expect(account.poll(id).json?["error"] != nil)
        #expect(account.request(.delete, "/jobs/" + id).code == 404)
        #expect(account.list().ids.isEmpty)
        #expect(account.submit(["prompt": "dog"]).json?["status"] == "queued")
    }

    @Test func `the list is newest first and can be read in pages`() throws {
        let account = Account()
        var ids: [String] = []
        for number in 0..<5 {
            ids.append(try #require(account.submit(prompt: "job \(number)")))
            account.now += 1
        }
        let first = account.list("?limit=2")
        let second = account.list("?limit=2&cursor=\(first.cursor ?? "")")
        let third = account.list("?limit=2&cursor=\(second.cursor ?? "")")
        #expect(first.ids + second.ids + third.ids == ids.reversed())
        #expect(first.cursor == "2027-01-15T08:00:00.003Z")
        #expect(third.cursor == nil)
        #expect(account.list().ids == ids.reversed())
    }

    @Test func `an account can have a history, which is listed and takes no slot`() throws {
        let account = Account {
            $0.history = 250
            $0.concurrency = 1
            $0.listedBytes = 5000
        }
        let id = try #require(account.submit(prompt: "cat"))
        let first = account.list("?limit=200")
        #expect(first.ids.first == id)
        let second = account.list("?limit=200&cursor=\(first.cursor ?? "")")
        #expect(Set(first.ids + second.ids).count == 251)
        #expect(second.cursor == nil)
        #expect(account.status(second.ids[0]) == "completed")
        #expect(account.request(.get, "/jobs?limit=1").body.count > 5000)
    }

    @Test(arguments: TimeForm.allCases)
    func `the list writes times as it is told`(_ form: TimeForm) throws {
        let account = Account { $0.listedTime = form }
        _ = try #require(account.submit(prompt: "cat"))
        guard case .array(let items) = account.request(.get, "/jobs").json?["items"] else { throw NoItems() }
        #expect(items[0]["created_at"] == form.written(account.now))
    }

    private struct NoItems: Error {}

    @Test func `jobs of one millisecond are never parted by a cursor`() throws {
        let account = Account()
        let ids = try (0..<3).map { try #require(account.submit(prompt: "job \($0)")) }
        let page = account.list("?limit=1")
        #expect(page.ids == ids.reversed())
        #expect(page.cursor == nil)
    }

    @Test func `the list can be filtered by type and by status`() throws {
        let account = Account()
        let nano = try #require(account.submit(prompt: "cat"))
        account.now += 11_000
        let flux = try #require(account.submit(["prompt": "cat"], to: "bfl/flux-1-dev").jobID)
        account.now += 1_000
        #expect(account.list("?types=flux,k1").ids == [flux])
        #expect(account.list("?status=completed").ids == [nano])
        #expect(account.list("?status=failed").ids == [])
    }

    @Test(arguments: ["limit=0", "limit=1001", "cursor=today", "status=done"])
    func `a query that is not understood is answered with 400`(_ query: String) {
        let account = Account()
        let reaction = account.request(.get, "/jobs?" + query)
        #expect(reaction.code == 400)
        #expect(reaction.json?["error"] != nil)
    }
}
