# Prints each value of a JSON text that is no object and no list, behind its path and a tab: `.errors.0.id<TAB>x`.
# Text that is no JSON is printed as far as it is.

{ text = text $0 " " }

END { value("") }

function space() { while (substr(text, at + 1, 1) ~ /[ \t\r]/) at++ }

function next_is(wanted) { space(); if (substr(text, at + 1, 1) != wanted) return 0; at++; return 1 }

function value(path,    member) {
    if (next_is("{")) {
        if (next_is("}")) return
        do { member = string(); if (!next_is(":")) exit 1; value(path "." member) } while (next_is(","))
        if (!next_is("}")) exit 1
    } else if (next_is("[")) {
        if (next_is("]")) return
        member = 0
        do value(path "." member++); while (next_is(","))
        if (!next_is("]")) exit 1
    } else if (substr(text, at + 1, 1) == "\"") print path "\t" string()
    else print path "\t" word()
}

function word(    start) {
    start = at
    while (substr(text, at + 1, 1) ~ /[-+.0-9A-Za-z]/) at++
    if (at == start) exit 1
    return substr(text, start + 1, at - start)
}

# Line breaks and the like become spaces, and characters by their number question marks.
function string(    out, c) {
    if (!next_is("\"")) exit 1
    out = ""
    while ((c = substr(text, ++at, 1)) != "\"") {
        if (c == "") exit 1
        if (c == "\\") {
            c = substr(text, ++at, 1)
            if (c == "u") { at += 4; c = "?" } else if (c ~ /[bfnrt]/) c = " "
        }
        out = out c
    }
    return out
}
