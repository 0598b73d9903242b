import Dispatcher
import Jobs
import KreaAPI
import SQLiteStore
import Web

/// Checks with one call whether Krea accepts the token.
struct TokenCheck {
    let krea: KreaClient
    /// The store whose pace the call obeys; nil if there is none yet.
    let store: SQLiteStore?
    let now: @Sendable () -> Timestamp

    /// Makes the call if the pace allows it, and returns the result in lines.
    func run() async throws -> (lines: [String], findings: [ConfigurationCheck.Finding]) {
        guard krea.hasToken else { return ([], [.error(tokenMissingMessage)]) }
        var claimed: Call?
        if let store {
            switch try store.claimCheck(at: now()) {
            case .granted(let call): claimed = call
            case .notBefore(let moment):
                return ([], [.warning("Krea was not asked: no call may be made before \(moment.iso8601). Try again then.")])
            case .nothing: return ([], [])
            }
        }
        let result: CallResult<AccountList>
        var findings: [ConfigurationCheck.Finding] = []
        do throws(KreaError) {
            let page = try await krea.jobs(limit: 1)
            result = .answered(AccountList(page, askedAt: now()))
            if let kreaTime = page.kreaTime, kreaTime - now() > .seconds(60) || now() - kreaTime > .seconds(60) {
                findings.append(.warning("The clock says \(now().iso8601), Krea's says \(kreaTime.iso8601)."))
            }
        } catch {
            result = CallResult(error, of: .list)
            findings.append(.error(Self.sentence(error)))
        }
        if let store, let claimed { try store.recordCheck(result, for: claimed, at: now()) }
        guard case .answered = result else { return (["Krea was asked once."], findings) }
        return (["Krea was asked once, for the latest job: it accepts the token."], findings)
    }

    private static func sentence(_ error: KreaError) -> String {
        switch error {
        case .unauthorised: "Krea does not accept the token."
        case .limited: "Krea answered 429, so nothing may be asked for a while."
        case .notSent, .noAnswer: "Krea cannot be reached: \(error.logText)."
        default: "Krea answered something else than a list: \(error.logText)."
        }
    }
}
