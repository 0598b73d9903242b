import Jobs
import TestSupport
import Testing

/// When a picture is fetched, how often, and how a copy is named.
@Suite struct PictureTests {
    private let time = TestTime()
    private let copy = KeptPicture(file: .sample(1), bytes: 5)

    /// The pauses between the attempts, each of which ends at once with `failure`, until nothing more happens.
    private func pauses(_ failure: PictureFailure) -> [Duration] {
        var picture = Picture(url: "https://gen.krea.ai/1.png", at: time.now)
        var pauses: [Duration] = []
        while let due = picture.nextAttemptAt, pauses.count < 100 {
            pauses.append(due - time.now)
            time.advance(to: due)
            picture.claim(at: time.now)
            picture.record(.failure(failure), at: time.now)
        }
        return pauses
    }

    @Test(arguments: [PictureFailure.status(404), .notAPicture, .cut, .redirected, .noAnswer(reason: "x"), .limited(retryAfter: nil)])
    func `a picture that fails is tried after 10 s, 20 s and so on up to an hour, for about a day`(failure: PictureFailure) {
        let pauses = pauses(failure)
        #expect(pauses.prefix(5) == [.zero, .seconds(10), .seconds(20), .seconds(40), .seconds(80)])
        #expect(pauses.max() == .seconds(3600))
        let whole = pauses.reduce(.zero, +)
        #expect(whole > .seconds(23 * 3600))
        #expect(whole < .seconds(25 * 3600))
    }

    @Test(arguments: [PictureFailure.tooLarge, .notAllowed])
    func `a picture that can never be kept is tried once`(failure: PictureFailure) {
        #expect(pauses(failure) == [.zero])
    }

    @Test func `a fault of the folder is nobody's attempt`() {
        #expect(pauses(.notStored(reason: "full")).count == 100)
        var picture = Picture(url: "u", at: time.now)
        picture.claim(at: time.now)
        picture.record(.failure(.notStored(reason: "full")), at: time.now)
        #expect(picture.attempts == 0)
        #expect(picture.nextAttemptAt == time.now + .seconds(60))
    }

    @Test(arguments: [(Duration.seconds(90), Duration.seconds(90)), (.seconds(3), .seconds(10)), (.seconds(86_400), .seconds(3600))])
    func `a longer Retry-After counts, up to an hour`(asked: Duration, pause: Duration) {
        var picture = Picture(url: "u", at: time.now)
        picture.claim(at: time.now)
        picture.record(.failure(.limited(retryAfter: asked)), at: time.now)
        #expect(picture.nextAttemptAt == time.now + pause)
    }

    @Test func `a claim that is never recorded is tried again after the usual pause`() {
        var picture = Picture(url: "u", at: time.now)
        picture.claim(at: time.now)
        #expect(picture.nextAttemptAt == time.now + .seconds(10))
        picture.claim(at: time.now)
        #expect(picture.nextAttemptAt == time.now + .seconds(20))
        #expect(!picture.isSettled)
    }

    @Test func `a picture with a copy is not fetched any more`() {
        var picture = Picture(url: "u", at: time.now)
        picture.claim(at: time.now)
        picture.record(.success(copy), at: time.now)
        #expect(picture.kept == copy)
        #expect(picture.isSettled)
    }

    @Test func `a 429 of a picture's host silences Krea for the usual time, whatever it asks for`() {
        var pace = Pace()
        pace.recordPicture(.failure(.limited(retryAfter: .seconds(3600))), at: time.now, rules: PaceRules())
        #expect(pace.silentUntil == time.now + .seconds(30))
        pace.recordPicture(.failure(.status(500)), at: time.now + .seconds(9), rules: PaceRules())
        #expect(pace.silentUntil == time.now + .seconds(30))
    }
}
