import Jobs

extension Hold {
    /// A line for the operator.
    var line: String {
        switch self {
        case .rateLimited(let end): "No calls until \(end.iso8601): Krea answered 429."
        case .outOfCompute(let end): "Nothing is sent until \(end.iso8601): Krea answered 402."
        case .tokenRefused: "No calls until krea-fcgi continue or another start: Krea refused the token."
        case .spendLimit(let end): "Nothing is sent until \(end.iso8601): \(Settings.dailySpend.variable) is spent."
        case .unanswered(let since): "Krea has given no answer of use since \(since.iso8601). It is tried on."
        case .submissionsLost(let end): "Nothing is sent until \(end.iso8601): the answers to the latest submissions were lost."
        case .paused(let words): "Nothing is sent until krea-fcgi continue: \(words)"
        }
    }
}

extension EndedHold {
    /// A line for the operator.
    var line: String {
        switch self {
        case .pause(let words): "Ended the pause: \(words)"
        case .outOfCompute(let end): "Ended what a 402 held until \(end.iso8601)."
        case .tokenRefused: "Ended what a refused token held."
        case .spendLimit(let end): "Ended what the day's money held until \(end.iso8601); it is held again if it is still spent."
        case .submissionsLost(let end): "Ended what lost answers to submissions held until \(end.iso8601)."
        case .silence(let end, let own):
            "Ended the silence that a Retry-After of Krea's asked for until \(end.iso8601); ours ends \(own.iso8601)."
        case .timesAhead(let count):
            "Brought back \(count) stored times that lay further ahead than any rule allows: the clock was wrong when they were stored."
        }
    }
}
