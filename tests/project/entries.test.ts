import { expect, test } from 'vitest';
import { createTextScan, importQuery } from '../../src/project/entries.ts';

const importScan = (packages: readonly string[], having?: RegExp) => createTextScan(importQuery(packages, having));

const importsFramework = importScan(['express', 'fastify', '@nestjs/']);

test.each([
  "import express from 'express';",
  'import express, { Router } from "express";',
  "import {\n  Router,\n} from 'express'",
  "import 'express';",
  "export * from 'express';",
  "const app = require('express')();",
  'const app = require( "express" )',
  'const app = require(`express`)',
  "import express = require('express');",
  "const { default: express } = await import('express');",
  "await import(/* webpackIgnore: true */ 'express')",
  "require('express/lib/router')",
  "import { NestFactory } from '@nestjs/core';",
  "import{NestFactory}from'@nestjs/core'",
])('imports a framework: %s', (text) => {
  expect(importsFramework(text)).toBe(true);
});

test.each([
  '',
  "const name = 'express';",
  "import limit from 'express-rate-limit';",
  "import x from './express';",
  "import x from 'my-express';",
  "import x from '@nestjs/'",
  '"dependencies": { "express": "^5" }',
  "import xexpress from 'xexpress'",
])('imports none: %s', (text) => {
  expect(importsFramework(text)).toBe(false);
});

test('characters of expressions in names are plain text', () => {
  expect(importScan(['a.b'])("import 'a.b'")).toBe(true);
  expect(importScan(['a.b'])("import 'axb'")).toBe(false);
});

test('no packages are imported by nothing', () => {
  expect(importScan([])("import ''")).toBe(false);
});

test.each(['import', 'require(', 'import(/*', 'from /* '])('white space after %s takes no quadratic time', (start) => {
  expect(importsFramework(`${start}${' '.repeat(1_000_000)}express`)).toBe(false);
  expect(importsFramework(`${start.repeat(200_000)}express`)).toBe(false);
});
