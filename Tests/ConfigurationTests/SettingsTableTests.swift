import Foundation
import Testing

@testable import krea_fcgi

/// The manual's table of settings says what the program does.
@Suite struct SettingsTableTests {
    private struct Row {
        let variable: String
        let isReloadable: Bool
        let fallback: String
        let words: String
    }

    private let rows: [String: Row]
    private let lines: [SettingLine]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let manual = try String(
            contentsOf: root.appending(path: "Sources/krea-fcgi/krea-fcgi.docc/Settings.md"), encoding: .utf8)
        var rows: [String: Row] = [:]
        for line in manual.split(separator: "\n") where line.hasPrefix("| `KREA_") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 3, "\(line)")
            let variable = try #require(cells[0].split(separator: "`").first.map(String.init))
            try #require(rows[variable] == nil, "\(variable) stands twice")
            rows[variable] = Row(
                variable: variable, isReloadable: cells[0].hasSuffix("↻"), fallback: cells[1].replacing("`", with: ""), words: cells[2])
        }
        self.rows = rows
        lines = try ServiceConfiguration(ConfigurationSource(environment: [:])).lines
    }

    @Test func `every setting of the program has a row, and every row is a setting`() {
        #expect(Set(lines.map(\.variable)) == Set(rows.keys))
    }

    @Test func `a row has the default of its setting, and a mark if a reload changes it`() throws {
        for line in lines {
            let row = try #require(rows[line.variable])
            #expect(row.isReloadable == line.isReloadable, "\(line.variable)")
            // What is there when no address is named takes more than one word.
            guard line.variable != "KREA_FCGI_LISTEN" else { continue }
            #expect(row.fallback == (line.fallback.isEmpty ? "–" : line.fallback), "\(line.variable)")
        }
    }

    @Test func `a row has the bounds of its setting, where these are numbers`() throws {
        var checked = 0
        for line in lines {
            guard let bounds = line.allowed.firstMatch(of: /from ([0-9.]+) to ([0-9.]+)/) else { continue }
            let row = try #require(rows[line.variable])
            #expect(row.words.contains("\(bounds.1) to \(bounds.2)"), "\(line.variable): \(line.allowed)")
            checked += 1
        }
        #expect(checked >= 15)
    }
}
