import Foundation
import Jobs
import Testing

/// axe-core, the checker of accessibility, which `Tests/Tools/axe.sh` brings: https://github.com/dequelabs/axe-core
enum Axe {
    /// The rules of WCAG 2.2 up to level AA, and what axe-core calls best practice.
    private static let tags: JSONValue = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    private static func source() throws -> String {
        let script = Stack.repository.appending(path: ".build/axe/axe.min.js")
        return try #require(try? String(contentsOf: script, encoding: .utf8), "axe-core is missing; Tests/Tools/axe.sh brings it.")
    }

    /// Fails the test for each thing on the page that breaks a rule: says which rule, where, and what is to be done.
    static func check(_ browser: Browser, _ page: String = "") async throws {
        let run = """
            const options = {runOnly: {type: "tag", values: arguments[0]}, resultTypes: ["violations"]}
            return axe.run(options).then(result => result.violations.flatMap(rule => rule.nodes.map(node =>
                [rule.impact, rule.id, node.target.join(" "), node.failureSummary.replace(/\\s+/g, " ")].join(" | "))))
            """
        let faults = try await browser.withScripts { try await browser.evaluate("\(source());\n\(run)", tags) }
        for fault in try #require(faults.elements) { Issue.record("axe-core: \(page) \(fault.text ?? "")") }
    }
}
