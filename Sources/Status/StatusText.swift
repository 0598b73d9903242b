/// The status as plain text, one value per line.
enum StatusText {
    static func text(_ status: ServiceStatus) -> String {
        var lines = status.sections.flatMap { section in
            [section.title + ":"] + section.lines.map { line in line.name.isEmpty ? "  \(line.value)" : "  \(line.name): \(line.value)" }
        }
        if let workers = status.workers {
            let rows = ServiceStatus.table(workers)
            let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
            lines += ["Scoreboard:"]
            lines += rows.map { row in
                let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                return "  " + (cells.dropLast() + row.suffix(1)).joined(separator: "  ")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
