import ArgumentParser
import SQLiteStore

/// Pauses submissions to Krea until `krea-fcgi continue`, across restarts.
struct PauseQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pauses submissions to Krea until krea-fcgi continue; jobs are still accepted, and running ones still polled.",
        discussion: "A running service notices by itself. The pause outlasts restarts."
    )

    @Argument(help: "The reason, in one line of up to 300 characters. People whose jobs wait can read it.", transform: Self.readWords)
    var words: String

    private static func readWords(_ text: String) throws -> String {
        let words = text.split(separator: " ").joined(separator: " ")
        guard (1...300).contains(words.count), !words.contains(where: \.isNewline) else {
            throw ValidationError("The reason must be one line of 1 to 300 characters.")
        }
        return words
    }

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        try configuration.openExistingStore().pause(because: words)
        Terminal.say("Nothing is sent to Krea until krea-fcgi continue. Jobs are accepted and wait; what is at Krea already is asked for.")
    }
}
