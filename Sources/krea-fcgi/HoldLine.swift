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
        case .paused(let words): "Nothing is sent until krea-fcgi continue: \(words)"
        }
    }
}
