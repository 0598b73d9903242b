import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Pictures at signed addresses.
@Suite struct SignedPictureTests {
    private static let url = "https://gen.krea.ai/1.png"
    /// Signs as no secret would: what is right is known, and that is all that matters here.
    private static let signature: [UInt8] = [251, 255, 1]
    private static let id = JobID.sample(77)
    private static let signedJob: SignedJob = { payload, signature in
        signature == Self.signature && !payload.isEmpty ? id : nil
    }

    private func world(_ settings: Application.Settings = .init(), store: any JobStore = temporaryStore()) -> WebFixture {
        WebFixture(settings: settings, store: store, signedJob: Self.signedJob)
    }

    private func address(_ members: [String: JSONValue] = ["prompt": "a <lighthouse>"]) -> String {
        "/" + SignedAddress(members) { _ in Self.signature }.path
    }

    private func signedJobs(_ fixture: WebFixture) throws -> [Job] {
        try fixture.store.jobs(JobQuery(client: .signed)).items.map(\.job)
    }

    /// Fetches the copy of the next picture.
    private func keep(_ file: PictureFile, in fixture: WebFixture) throws {
        let claim = try fixture.store.claimPicture(by: fixture.epoch, at: fixture.time.now)
        guard case .granted(let fetch) = claim else { throw BrokenStore.Failure() }
        _ = try fixture.store.recordPicture(.success(KeptPicture(file: file, bytes: 1)), for: fetch, at: fixture.time.now)
    }

    @Test
    func `what is signed is the same bytes for ever: sorted members, whole numbers without a fraction, no more escapes than JSON needs`()
        throws
    {
        let members: [String: JSONValue] = [
            "prompt": "a \"quoted\"\t\\ 你好 🎨/é\u{9B}\u{202E}\n\u{1}", "seed": 17, "guidance_scale": 2.5, "strength": -0.000125,
            "batch_size": 4,
            "styles": [["id": "s", "strength": 0.8]], "image_urls": ["https://example.org/a.png?b=1&c=<d>"], "nothing": .null, "yes": true,
            "aspect_ratio": "16:9", "Large": 1e21, "imageUrls": [], "ä": [:],
        ]
        let payload = SignedAddress(members) { _ in Self.signature }.payload
        let json = try #require(Base64URL.decode(payload))
        #expect(
            String(decoding: json, as: UTF8.self) == #"""
                {"Large":1e+21,"aspect_ratio":"16:9","batch_size":4,"guidance_scale":2.5,"imageUrls":[],"image_urls":["https://example.org/a.png?b=1&c=<d>"],\#
                "nothing":null,"prompt":"a \"quoted\"\t\\ 你好 🎨/é\u009b\u202e\n\u0001","seed":17,"strength":-0.000125,\#
                "styles":[{"id":"s","strength":0.8}],"yes":true,"ä":{}}
                """#)
    }

    @Test func `the first look makes the job, later ones find it, whoever looks`() throws {
        let fixture = world()
        let first = try fixture.get(address(), [.secFetchSite: "cross-site", .origin: "https://article.example"])
        #expect(first.status == 200)
        #expect(first["Content-Type"] == "image/svg+xml")
        #expect(first["Cache-Control"] == "no-store")
        #expect(first["Retry-After"] != nil)
        #expect(first["Refresh"] != nil)
        #expect(first.text.contains("This picture is being created."))
        let expected = try #require(Timestamp(iso8601: fixture.get("/api/jobs/\(Self.id)").json["expected_at"]?.text ?? ""))
        #expect(first.text.contains("Expected by \(expected.text(at: fixture.time.now))."))
        fixture.time.advance(by: .seconds(3 * 86_400))
        #expect(try fixture.get(address(), address: "203.0.113.5").status == 200)
        let jobs = try signedJobs(fixture)
        #expect(jobs.map(\.id) == [Self.id])
        #expect(jobs.first?.request.prompt == "a <lighthouse>")
        #expect(try fixture.jobs.isEmpty)
    }

    @Test(arguments: [(3000, 302), (3100, 200)])
    func `an address of Krea's that no web server would take as a header field is not led to`(count: Int, status: Int) throws {
        let fixture = world()
        _ = try fixture.get(address())
        let url = "https://gen.krea.ai/?\(String(repeating: "a", count: count - 21))"
        try JobDriver(fixture, id: Self.id).submit(.answered(KreaJob(id: "k", status: "completed", urls: [url])))
        let answer = try fixture.get(address())
        #expect(answer.status == status)
        #expect(answer["Location"] == (status == 302 ? url : nil))
    }

    @Test func `HEAD makes no job, and finds one that is there`() throws {
        let fixture = world()
        let early = try fixture.send(.head, address())
        #expect(early.status == 200)
        #expect(early["Cache-Control"] == "no-store")
        #expect(early["Content-Type"] == "image/svg+xml")
        #expect(try signedJobs(fixture).isEmpty)
        let get = try fixture.get(address())
        #expect(try fixture.send(.head, address()).fields == get.fields)
    }

    @Test func `a finished job leads to Krea's picture for an hour`() throws {
        let fixture = world()
        _ = try fixture.get(address())
        try JobDriver(fixture, id: Self.id).submit(.answered(KreaJob(id: "k", status: "completed", urls: [Self.url])))
        let answer = try fixture.get(address())
        #expect(answer.status == 302)
        #expect(answer["Location"] == Self.url)
        #expect(answer.text.isEmpty)
        #expect(answer["Cache-Control"] == "public, max-age=3600")
        #expect(try fixture.send(.head, address()).fields == answer.fields)
    }

    @Test func `it leads to the kept copy, for a month; while that is being made to Krea's, for a minute`() throws {
        let fixture = world(.init(keepsPictures: true))
        let path = "/krea" + address()
        _ = try fixture.get(path, mount: "/krea")
        try JobDriver(fixture, id: Self.id).submit(.answered(KreaJob(id: "k", status: "completed", urls: [Self.url])))
        let early = try fixture.get(path, mount: "/krea")
        #expect(early["Location"] == Self.url)
        #expect(early["Cache-Control"] == "public, max-age=60")
        try keep(.sample(7), in: fixture)
        let answer = try fixture.get(path, mount: "/krea")
        #expect(answer.status == 302)
        #expect(answer["Location"] == "/krea/pictures/\(PictureFile.sample(7).name)")
        #expect(answer["Cache-Control"] == "public, max-age=2592000")
    }

    @Test func `a failure is a drawing of its message, and is not tried again`() throws {
        let fixture = world()
        _ = try fixture.get(address())
        try JobDriver(fixture, id: Self.id).submit(.refused(JobFailure(.outOfCompute)))
        let answer = try fixture.get(address())
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "image/svg+xml")
        #expect(answer.text.contains("Out of compute — upgrade plan"))
        #expect(answer["Cache-Control"] == "public, max-age=60")
        #expect(answer["Retry-After"] == nil)
        #expect(answer["Refresh"] == nil)
        #expect(try signedJobs(fixture).count == 1)
    }

    @Test func `a job that stands still says why`() throws {
        let fixture = world()
        _ = try fixture.get(address())
        try JobDriver(fixture, id: Self.id).submit(.rateLimited(retryAfter: nil))
        #expect(try fixture.get(address()).text.contains("Rate limited — wait 1 min"))
    }

    @Test func `a full queue is a drawing with 429, and the next look asks again`() throws {
        var limits = QueueLimits()
        limits.total = 1
        let fixture = world(store: temporaryStore(limits: limits))
        let driver = try JobDriver(fixture)
        let answer = try fixture.get(address())
        #expect(answer.status == 429)
        #expect(answer["Content-Type"] == "image/svg+xml")
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer["Retry-After"].flatMap { Int($0) } != nil)
        #expect(try signedJobs(fixture).isEmpty)
        try driver.submit()
        #expect(try fixture.get(address()).status == 200)
    }

    @Test func `without a token nothing is made`() throws {
        let fixture = world(.init(hasToken: false))
        let answer = try fixture.get(address())
        #expect(answer.status == 503)
        #expect(answer["Retry-After"] == "300")
        #expect(answer["Content-Type"] == "image/svg+xml")
        #expect(answer.text.contains("KREA_API_TOKEN"))
        #expect(try signedJobs(fixture).isEmpty)
    }

    @Test(
        arguments: [
            (["prompt": "x", "width": 5000], "width 5000 must be"), (["prompt": "x", "webhook_url": "https://a.example"], "webhook_url"),
            ([:], "prompt"),
        ] as [([String: JSONValue], String)])
    func `a request that no rule allows any more is a drawing of what is wrong`(members: [String: JSONValue], words: String) throws {
        let fixture = world()
        let answer = try fixture.get(address(members))
        #expect(answer.status == 422)
        #expect(answer["Content-Type"] == "image/svg+xml")
        #expect(answer.text.contains(words))
        #expect(try signedJobs(fixture).isEmpty)
    }

    @Test(arguments: [
        "/i/-_8C/eyJwcm9tcHQiOiJ4In0.png", "/i//eyJwcm9tcHQiOiJ4In0.png", "/i/-_8B/eyJwcm9tcHQiOiJ4In0",
        "/i/-_8B/eyJwcm9tcHQiOiJ4In0.jpg",
        "/i/-_8B/.png", "/i/+_8B/eyJwcm9tcHQiOiJ4In0.png", "/i/-_8B==/eyJwcm9tcHQiOiJ4In0.png", "/i/%20/x.png",
    ])
    func `a signature that is not right is 403 and makes nothing`(path: String) throws {
        let fixture = world()
        let answer = try fixture.get(path)
        #expect(answer.status == 403)
        #expect(answer.text.contains("The signature of this address is not valid."))
        #expect(try signedJobs(fixture).isEmpty)
    }

    @Test(arguments: ["!", "eA", "W10", "%ff"])
    func `what is signed but no JSON object is a drawing with 400`(payload: String) throws {
        let answer = try world().get("/i/-_8B/\(payload).png")
        #expect(answer.status == 400)
    }

    @Test func `where the operator signs nothing there is nothing`() throws {
        let fixture = WebFixture()
        #expect(try fixture.get(address()).status == 404)
        #expect(try signedJobs(fixture).isEmpty)
    }

    @Test(arguments: [HTTPRequest.Method.post, .delete, .options])
    func `it can only be looked at`(method: HTTPRequest.Method) throws {
        let answer = try world().send(method, address())
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD")
    }

    @Test func `equal requests have one address, whatever the order of their members was`() throws {
        let sign: (String) -> [UInt8] = { Array($0.utf8.suffix(3)) }
        let one = SignedAddress(["prompt": "ü/&", "model": "flux", "seed": 1], sign: sign)
        #expect(one == SignedAddress(["seed": 1, "model": "flux", "prompt": "ü/&"], sign: sign))
        let parts = one.path.split(separator: "/")
        #expect(parts.count == 3)
        #expect(one.path.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "=") })
        let read = try #require(SignedAddress(signature: String(parts[1]), file: String(parts[2])))
        #expect(read == one)
        #expect(try read.members() == ["prompt": "ü/&", "model": "flux", "seed": 1])
    }
}
