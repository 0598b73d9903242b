import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Copies of pictures.
@Suite struct PictureTests {
    private static let urls = ["https://gen.krea.ai/1.png", "https://gen.krea.ai/2.png"]
    private let fixture = WebFixture(settings: .init(keepsPictures: true))

    /// A job with two pictures.
    private func completed(_ fixture: WebFixture) throws -> JobDriver {
        let driver = try JobDriver(fixture, members: ", \"batch_size\": 2")
        try driver.submit(.answered(KreaJob(id: "k", status: "completed", urls: Self.urls)))
        return driver
    }

    /// Fetches the next picture; nil fails for good.
    private func fetch(_ file: PictureFile?) throws {
        let claim = try fixture.store.claimPicture(by: fixture.epoch, at: fixture.time.now)
        guard case .granted(let fetch) = claim else { throw BrokenStore.Failure() }
        let result = file.map { Result<KeptPicture, PictureFailure>.success(KeptPicture(file: $0, bytes: 1)) } ?? .failure(.tooLarge)
        try fixture.store.recordPicture(result, for: fetch, at: fixture.time.now)
    }

    private func kept(_ answer: Answer) -> JSONValue? { answer.json["result"]?.members?["kept_urls"] }

    @Test func `the JSON has Krea's addresses as they are, and beside each that of the copy where there is one`() throws {
        let driver = try completed(fixture)
        let path = "/krea/api/jobs/\(driver.id)"
        #expect(kept(try fixture.get(path, mount: "/krea")) == .array([.null, .null]))
        try fetch(.sample(7))
        let answer = try fixture.get(path, mount: "/krea")
        #expect(kept(answer) == [.string("/krea/pictures/\(PictureFile.sample(7).name)"), .null])
        #expect(answer.json["result"]?.members?["urls"] == .array(Self.urls.map(JSONValue.string)))
        try fetch(nil)
        #expect(kept(try fixture.get(path, mount: "/krea")) == kept(answer))
        let list = try fixture.get("/krea/api/jobs", mount: "/krea")
        #expect(list.json["items"]?.elements?.first?.members?["result"] == answer.json["result"])
    }

    @Test func `a finished job may be kept for a day when nothing more can come, and is asked for again before`() throws {
        let driver = try completed(fixture)
        let first = try fixture.get("/api/jobs/\(driver.id)")
        #expect(first["Cache-Control"] == "private, no-cache")
        #expect(first["Retry-After"] == nil)
        try fetch(.sample(7))
        let tag = try #require(first["ETag"])
        let second = try fixture.get("/api/jobs/\(driver.id)", [.ifNoneMatch: tag])
        #expect(second.status == 200)
        #expect(second["ETag"] != tag)
        #expect(second["Cache-Control"] == "private, no-cache")
        try fetch(nil)
        #expect(try fixture.get("/api/jobs/\(driver.id)")["Cache-Control"] == "private, max-age=86400")
    }

    @Test func `a job without a picture may be kept for a day at once`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit(.refused(JobFailure(.refused)))
        #expect(try fixture.get("/api/jobs/\(driver.id)")["Cache-Control"] == "private, max-age=86400")
    }

    @Test func `a service that keeps no copies shows none, and a finished job may be kept at once`() throws {
        let fixture = WebFixture(store: fixture.store)
        let driver = try completed(fixture)
        let claim = try fixture.store.claimPicture(by: fixture.epoch, at: fixture.time.now)
        guard case .granted(let fetch) = claim else { throw BrokenStore.Failure() }
        try fixture.store.recordPicture(.success(KeptPicture(file: .sample(7), bytes: 1)), for: fetch, at: fixture.time.now)
        let answer = try fixture.get("/api/jobs/\(driver.id)")
        #expect(kept(answer) == .array([.null, .null]))
        #expect(answer["Cache-Control"] == "private, max-age=86400")
        #expect(!(try fixture.get("/jobs/\(driver.id)").text.contains("/pictures/")))
    }

    @Test func `the page shows the copy and lists both addresses, and Krea's picture where there is no copy`() throws {
        let driver = try completed(fixture)
        try fetch(.sample(7))
        let page = try fixture.get("/krea/jobs/\(driver.id)", mount: "/krea")
        let room = "<svg viewBox=\"0 0 1024 1024\" aria-hidden=\"true\"></svg>"
        let copy = "/krea/pictures/\(PictureFile.sample(7).name)"
        #expect(page.text.contains("<a href=\"\(copy)\">\(room)<img src=\"\(copy)\""))
        #expect(page.text.contains("<li><a href=\"\(copy)\">local copy</a>, from <a href=\"\(Self.urls[0])\">\(Self.urls[0])</a></li>"))
        #expect(page.text.contains("<a href=\"\(Self.urls[1])\">\(room)<img src=\"\(Self.urls[1])\""))
        #expect(page.text.contains("<li><a href=\"\(Self.urls[1])\">\(Self.urls[1])</a></li>"))
        #expect(page["Content-Security-Policy"]?.contains("img-src 'self' https://krea.ai https://*.krea.ai;") == true)
    }

    @Test func `the service itself has no pictures: the web server shows them`() throws {
        #expect(try fixture.get("/pictures/\(PictureFile.sample(7).name)").status == 404)
    }
}
