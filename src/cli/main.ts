#!/usr/bin/env node
import { runCommand } from './commands';
import { watchOutputs } from './output';

watchOutputs();
void runCommand(process.argv.slice(2));
