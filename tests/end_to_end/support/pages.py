"""The commands in a page of documentation: fenced blocks, and `mxscan …` in
running text."""

import dataclasses
import re
import subprocess

FENCE = re.compile(r"^( *)```([a-z]*)\s*$")
INLINE = re.compile(r"`(mxscan [^`]+)`")
# Words that stand for something, or text that was left out.
PLACEHOLDER = re.compile(r"(^|[ =/])[A-Z][A-Z0-9]*( |$|\.\.\.|/)|…|\.\.\.|\[")
LINK = re.compile(r"\]\(([^)\s:]+)\)")  # Not those with a scheme.
HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)")
# Five fields of crontab(5), or @daily and its like, and the command.
CRON = re.compile(r"^(?:@\w+|(?:[\d*/,A-Za-z-]+\s+){5})\s*(.+)$")


@dataclasses.dataclass
class Block:
    page: str
    line: int
    language: str
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"


def blocks_of(page, text):
    """The fenced blocks, in order."""
    open_, lines = None, []
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and open_ is None:
            open_, lines = (number + 1, fence), []
        elif open_ and line.strip() == "```":
            yield Block(page, open_[0], open_[1][2], "\n".join(lines) + "\n")
            open_ = None
        elif open_:
            lines.append(line.removeprefix(open_[1][1]))
    if open_:
        raise ValueError(f"{page}:{open_[0]}: the block does not end")


def inline_commands(page, text):
    """`mxscan …` as one would type it; not where it names a flag's form."""
    for number, line in enumerate(text.splitlines(), 1):
        for command in INLINE.findall(line):
            if not PLACEHOLDER.search(command):
                yield Block(page, number, "sh", command + "\n")


def commands_of(block):
    """What one types in a block for the shell or crontab, command by command.
    Where lines begin with a prompt the others are what the shell answered."""
    lines = list(enumerate(block.text.splitlines(), block.line))
    if any(line.startswith("$ ") for _, line in lines):
        lines = [(n, line[2:]) for n, line in lines if line.startswith("$ ")]
    if block.language == "crontab":
        lines = [(n, cron_command(line)) for n, line in lines]
    command, first = "", 0
    for number, line in lines:
        if not command and (not line.strip() or line.startswith("#")):
            continue
        first = first if command else number
        command += line + "\n"
        if is_whole(command):
            yield Block(block.page, first, "sh", command)
            command = ""
    if command:
        raise ValueError(f"{block.page}:{first}: the command does not end")


def cron_command(line):
    if not line.strip() or re.match(r"#|\w+=", line):
        return ""
    match = CRON.match(line)
    if not match:
        raise ValueError(f"no line of a crontab: {line!r}")
    return match[1].replace("\\%", "%")


def is_whole(command):
    if command.endswith("\\\n"):
        return False
    here = HEREDOC.search(command)
    if here and not re.search(rf"^\s*{here[1]}$", command, re.MULTILINE):
        return False
    return subprocess.run(["bash", "-n", "-c", command], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def links_of(text):
    """The targets of links to files of ours, and to headings."""
    return LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def anchors_of(text):
    """How GitHub calls the headings of a page in links."""
    for line in re.sub(r"```.*?```", "", text, flags=re.DOTALL).splitlines():
        if line.startswith("#"):
            title = line.lstrip("#").strip().lower()
            yield re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
