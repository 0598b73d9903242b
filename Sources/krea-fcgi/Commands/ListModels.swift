import ArgumentParser
import Jobs
import SQLiteStore

/// Shows the catalogue for the operator.
struct ListModels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Shows each model with its route at Krea, its parameters and price, and the catalogue's age.")

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let catalogue = try configuration.openExistingStore().catalogue()
        for line in ModelTable(catalogue, now: WallClock.now()).lines { Terminal.say(line) }
    }
}
