import ArgumentParser
import Jobs
import SQLiteStore

/// Shows the catalogue for the operator.
struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Shows each model with Krea's route for it, what it takes and costs, and the catalogue's age.")

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let catalogue = try configuration.openExistingStore().catalogue()
        for line in ModelTable(catalogue, now: WallClock.now()).lines { Terminal.say(line) }
    }
}
