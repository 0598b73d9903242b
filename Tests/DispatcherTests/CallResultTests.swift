import Dispatcher
import Jobs
import KreaAPI
import Testing

/// What a failed call means, by what it was for.
@Suite struct CallResultTests {
    static let inDoubt: [KreaError] = [.trouble(status: 502), .unreadable, .tooLarge, .noAnswer(reason: "cut")]

    @Test(arguments: inDoubt)
    func `a submission without a clear word of Krea's is in doubt`(error: KreaError) {
        #expect(CallResult<KreaJob>(error, of: .submit) == .noAnswer)
    }

    @Test(arguments: [
        (KreaError.refused(words: "w"), CallResult<KreaJob>.refused(JobFailure(.refused, detail: "w"))),
        (.contentRefused(.nsfw, words: "w"), .refused(JobFailure(.contentRefused, detail: "w", because: .nsfw))),
        (.outOfCredit(words: "w"), .refused(JobFailure(.outOfCompute, detail: "w"))),
        (.forbidden(words: "w"), .refused(JobFailure(.forbidden, detail: "w"))),
        (.unauthorised(words: "w"), .unauthorised(words: "w")),
        (.gone(words: "w", replacement: "a/b"), .gone(replacement: "a/b", words: "w")),
        (.limited(retryAfter: .seconds(7)), .rateLimited(retryAfter: .seconds(7))),
        (.notSent(reason: "no token"), .notSent),
    ])
    func `a clear word about a submission counts as it is`(error: KreaError, result: CallResult<KreaJob>) {
        #expect(CallResult(error, of: .submit) == result)
    }

    @Test(arguments: inDoubt + [.refused(words: nil), .contentRefused(nil, words: nil), .outOfCredit(words: nil), .forbidden(words: nil)])
    func `nothing but a clear word ends a paid job that is polled`(error: KreaError) {
        #expect(CallResult<KreaJob>(error, of: .poll) == .noAnswer)
    }

    @Test(arguments: [KreaError.refused(words: nil), .contentRefused(nil, words: nil), .gone(words: nil, replacement: nil), .unreadable])
    func `a list that cannot be read is no list`(error: KreaError) {
        #expect(CallResult<AccountList>(error, of: .list) == .unusable)
    }

    @Test(arguments: [KreaError.unauthorised(words: nil), .gone(words: nil, replacement: nil), .forbidden(words: nil), .unreadable])
    func `a document of routes that did not come says nothing of the token`(error: KreaError) {
        #expect(CallResult<[KreaRoute]>(error, of: .catalogue) == .noAnswer)
    }
}
