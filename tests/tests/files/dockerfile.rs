//! A Dockerfile: its stages, and the instructions of each.

/// One of several images that are made of each other.
#[derive(Default)]
pub struct Stage {
    /// The image or the stage before.
    pub base: String,
    pub name: String,
    pub instructions: Vec<Instruction>,
}

/// What stands in a line, or in several that are continued.
pub struct Instruction {
    pub line: usize,
    /// In capitals.
    pub word: String,
    pub rest: String,
}

/// The last stage is the image.
pub fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for instruction in instructions(text) {
        if instruction.word == "FROM" {
            let mut words = instruction.rest.split_whitespace().filter(|word| !word.starts_with("--"));
            let base = words.next().unwrap_or_default().to_owned();
            stages.push(Stage { base, name: words.nth(1).unwrap_or_default().to_owned(), ..Stage::default() });
        } else if stages.is_empty() {
            stages.push(Stage { instructions: vec![instruction], ..Stage::default() });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.push(instruction);
        }
    }
    stages
}

fn instructions(text: &str) -> Vec<Instruction> {
    let mut all: Vec<Instruction> = Vec::new();
    let mut continued = false;
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    for (line, text) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
        let part = text.strip_suffix('\\').unwrap_or(text).trim_end();
        if let Some(instruction) = all.last_mut().filter(|_| continued) {
            instruction.rest = format!("{} {part}", instruction.rest);
        } else {
            let (word, rest) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
            all.push(Instruction { line, word: word.to_uppercase(), rest: rest.trim().to_owned() });
        }
        continued = text.ends_with('\\');
    }
    all
}

/// The last stage and those below it, from the top.
pub fn last(stages: &[Stage]) -> Vec<&Stage> {
    let mut chain: Vec<&Stage> = stages.last().into_iter().collect();
    while let Some(below) = chain.last().and_then(|top| stages.iter().find(|stage| stage.name == top.base)) {
        chain.push(below);
    }
    chain
}

#[test]
fn stages_and_continued_lines_are_read() {
    let stages = stages("# a\nFROM a:1 AS base\nRUN x \\\n  # why\n  && y\nfrom --platform=z base as c\nUSER 7\n");
    let read: Vec<_> = stages.iter().map(|stage| (stage.base.as_str(), stage.name.as_str())).collect();
    assert_eq!(read, [("a:1", "base"), ("base", "c")]);
    let run = &stages[0].instructions[0];
    assert_eq!((run.line, run.word.as_str(), run.rest.as_str()), (3, "RUN", "x && y"));
    assert_eq!(
        last(&stages).iter().map(|stage| stage.instructions[0].word.as_str()).collect::<Vec<_>>(),
        ["USER", "RUN"]
    );
}
