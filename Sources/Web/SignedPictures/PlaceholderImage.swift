import Jobs
import PlainText

/// A drawing in place of a missing picture: a few lines of text, light or dark as the reader prefers. It needs no script and loads
/// nothing.
struct PlaceholderImage {
    /// The sentences, each starting a new line.
    let lines: [String]
    /// In pixels, like the picture.
    var width = 1024
    var height = 1024

    /// The Content-Security-Policy of a drawing that is opened by itself: only its own style.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

    init(lines: [String]) {
        // XML allows no control characters.
        self.lines = lines.map(\.printable)
    }

    /// The drawing for a job without a picture, or without one yet.
    init(of view: JobView) {
        let english = English()
        let isOver = view.isFinished || view.hold != nil || view.job.isCancelWanted
        lines =
            isOver
            ? [Isolation.plain(JobSentences(view: view, texts: english, foreign: { Isolation.marked($0.printable) }).message)]
            : [english.pictureInProgress, view.expectedAt.map { english.expectedBy($0.text(at: view.now)) } ?? ""]
        (width, height) = view.job.request.shape
    }

    var svg: HTML {
        let font = max(min(width / 20, height / 8), 14)
        let rows = wrapped(Swift.max(width * 9 / (font * 5), 8))
        let step = font * 3 / 2
        let top = height / 2 - step * (rows.count - 1) / 2
        let texts = rows.enumerated().map { index, row -> HTML in
            "<text x=\"\(width / 2)\" y=\"\(top + index * step)\" font-size=\"\(font)\">\(row)</text>"
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="img">
            <title>\(said.joined(separator: " "))</title>
            <style>
            rect { fill: #f6f4ef }
            text { fill: #24292b; font-family: system-ui, sans-serif; text-anchor: middle; dominant-baseline: middle }
            @media (prefers-color-scheme: dark) {
            rect { fill: #171b1c }
            text { fill: #e6e8e4 }
            }
            </style>
            <rect width="100%" height="100%"/>
            \(texts)
            </svg>

            """
    }

    private var said: [String] { lines.filter { !$0.isEmpty } }

    /// The lines, wrapped between words at `limit` characters, which SVG does not do.
    private func wrapped(_ limit: Int) -> [String] {
        said.flatMap { line in
            line.split(separator: " ").reduce(into: [String]()) { rows, word in
                if let last = rows.last, last.count + 1 + word.count <= limit {
                    rows[rows.count - 1] = "\(last) \(word)"
                } else {
                    rows.append(String(word))
                }
            }
        }
    }
}
