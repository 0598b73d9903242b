public import CoreMetrics

/// Counts how fetches of pictures and messages to other programs ended.
public struct AttemptMeter: Sendable {
    /// The name of the counter of fetches, with the dimension `outcome`: `kept`, `failed` (it is tried again), `given_up`, `not_stored`.
    public static let pictures = "krea_fcgi_picture_fetches"
    /// The name of the counter of messages, with the dimension `outcome`: `delivered`, `failed` (it is tried again), `given_up`.
    public static let messages = "krea_fcgi_webhook_messages"

    /// How a fetch ended.
    enum Picture: String, CaseIterable {
        case kept, failed
        case givenUp = "given_up"
        case notStored = "not_stored"
    }

    /// How a message ended.
    enum Message: String, CaseIterable {
        case delivered, failed
        case givenUp = "given_up"
    }

    private let factory: any MetricsFactory

    /// Counts with this factory, from 0: an increase from nothing is none for who watches.
    public init(_ factory: any MetricsFactory) {
        self.factory = factory
        for outcome in Picture.allCases { count(outcome, by: 0) }
        for outcome in Message.allCases { count(outcome, by: 0) }
    }

    func count(_ outcome: Picture, by amount: Int = 1) { count(Self.pictures, outcome.rawValue, amount) }

    func count(_ outcome: Message, by amount: Int = 1) { count(Self.messages, outcome.rawValue, amount) }

    private func count(_ name: String, _ outcome: String, _ amount: Int) {
        Counter(label: name, dimensions: [("outcome", outcome)], factory: factory).increment(by: amount)
    }
}
